import { Choice } from '../../http/validators/choice.js';
import { REPORT_FORMATS, type ReportFormat } from './report-format.js';

export class ReportQueryDto {
  @Choice(REPORT_FORMATS, {
    optional: true,
    default: 'csv',
    description: '`csv`: RFC 4180 with a header line. `ndjson`: one JSON object per line',
    example: 'csv',
  })
  format: ReportFormat = 'csv';

  @Choice(['0', '1'], {
    optional: true,
    default: '0',
    description: '`1`: starts the CSV with a byte order mark, which Excel needs to detect UTF-8',
  })
  bom: '0' | '1' = '0';
}
