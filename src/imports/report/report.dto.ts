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

  @Choice(['0', '1'], {
    optional: true,
    default: '0',
    description: '`1`: CSV begins with a byte order mark, without which Excel does not read it as UTF-8',
  })
  bom: '0' | '1' = '0';
}
