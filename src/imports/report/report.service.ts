import { Readable } from 'node:stream';
import { Injectable, Logger, StreamableFile } from '@nestjs/common';
import { ImportKinds } from '../import-kinds.js';
import { ImportsService } from '../list/imports.service.js';
import { REPORT_WRITERS, type ReportWriter } from './report-format.js';
import type { ReportQueryDto } from './report.dto.js';
import { ReportRepository, type ReportOf } from './report.repository.js';

/** The report of an import: one line per item. */
@Injectable()
export class ReportService {
  private readonly logger = new Logger(ReportService.name);

  constructor(
    private readonly imports: ImportsService,
    private readonly kinds: ImportKinds,
    private readonly repository: ReportRepository,
  ) {}

  /**
   * Streams the report. Reads the next page of items only after the client has read the previous one, so that memory is
   * bounded by one page, regardless of the report's length and the client's speed.
   *
   * @throws ApiError 404 if the project has no such import
   */
  async stream(
    projectId: number,
    importId: string,
    { format, bom }: ReportQueryDto,
  ): Promise<StreamableFile> {
    const row = await this.imports.row(projectId, importId);
    const of = { kind: this.kinds.named(row.kind), importId, isPlan: row.mode === 'plan' };
    const writer = REPORT_WRITERS[format];
    const mark = format === 'csv' && bom === '1' ? '\uFEFF' : '';
    const text = Readable.from(this.write(of, writer, mark), { objectMode: false });
    return new StreamableFile(text, {
      type: writer.contentType,
      disposition: `attachment; filename="import-${importId}.${format}"`,
    });
  }

  private async *write(of: ReportOf, writer: ReportWriter, mark: string): AsyncGenerator<string> {
    const columns = this.repository.columnsOf(of);
    let head = mark + writer.head(columns);
    try {
      for await (const rows of this.repository.pages(of)) {
        yield head + writer.body(rows, columns);
        head = '';
      }
    } catch (error) {
      // The response has started, so the client only sees an aborted connection; the cause is logged here.
      this.logger.warn(`Report aborted import=${of.importId}: ${String(error)}`);
      throw error;
    }
  }
}
