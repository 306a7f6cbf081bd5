import { Readable } from 'node:stream';
import { Injectable, Logger, StreamableFile } from '@nestjs/common';
import { ImportKinds } from '../import-kinds.js';
import type { ImportKind } from '../import-kind.js';
import { ImportsService } from '../list/imports.service.js';
import { REPORT_WRITERS, type ReportWriter } from './report-format.js';
import type { ReportQueryDto } from './report.dto.js';
import { ReportRepository } from './report.repository.js';

/** The ledger of an import: one line for each item. */
@Injectable()
export class ReportService {
  private readonly logger = new Logger(ReportService.name);

  constructor(
    private readonly imports: ImportsService,
    private readonly kinds: ImportKinds,
    private readonly repository: ReportRepository,
  ) {}

  /**
   * A page of items is read when the one before has been taken, so that a report takes no more memory than a page,
   * however long it is and however slowly it is fetched.
   *
   * @throws ApiError 404 where the project has no such import
   */
  async stream(
    projectId: number,
    importId: string,
    { format, bom }: ReportQueryDto,
  ): Promise<StreamableFile> {
    const kind = this.kinds.named((await this.imports.find(projectId, importId)).kind);
    const writer = REPORT_WRITERS[format];
    const mark = format === 'csv' && bom === '1' ? '\uFEFF' : '';
    const text = Readable.from(this.write(kind, importId, writer, mark), { objectMode: false });
    return new StreamableFile(text, {
      type: writer.contentType,
      disposition: `attachment; filename="import-${importId}.${format}"`,
    });
  }

  private async *write(
    kind: ImportKind,
    importId: string,
    writer: ReportWriter,
    mark: string,
  ): AsyncGenerator<string> {
    const columns = this.repository.columnsOf(kind);
    let head = mark + writer.head(columns);
    try {
      for await (const rows of this.repository.pages(kind, importId)) {
        yield head + writer.body(rows, columns);
        head = '';
      }
    } catch (error) {
      // The client sees a connection that breaks off, because the answer had begun; the cause is told here.
      this.logger.warn(`The report of import ${importId} breaks off: ${String(error)}`);
      throw error;
    }
  }
}
