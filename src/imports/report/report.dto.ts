import { Choice } from '../../http/validators/choice.js';
import { REPORT_FORMATS, type ReportFormat } from './report-format.js';

export class ReportQueryDto {
  @Choice(REPORT_FORMATS, {
    optional: true,
    default: 'csv',
    description: '`csv`: with a header, after RFC 4180. `ndjson`: a JSON object a line',
    example: 'csv',
  })
  format: ReportFormat = 'csv';
}
