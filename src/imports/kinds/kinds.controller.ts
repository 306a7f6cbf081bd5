import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AnyScope } from '../../auth/require-scopes.decorator.js';
import { Environment } from '../../config/environment.js';
import type { KindPart } from '../../extension/define-extension.js';
import { Extensions } from '../../extension/extensions.js';
import { KindsDto, type KindDto } from './kinds.dto.js';

@ApiTags('Import')
@Controller('kinds')
@AnyScope()
export class KindsController {
  constructor(
    private readonly extensions: Extensions,
    private readonly environment: Environment,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listKinds', summary: 'List the kinds of import, and the limits of a batch' })
  @ApiOkResponse({ type: KindsDto })
  list(): KindsDto {
    const { MAX_BATCH_ITEMS, MAX_BODY_BYTES } = this.environment;
    return {
      results: this.extensions.kinds.map(kindOf),
      maxBatchItems: MAX_BATCH_ITEMS,
      maxBodyBytes: MAX_BODY_BYTES,
    };
  }
}

function kindOf(kind: KindPart): KindDto {
  const { name, noun } = kind;
  const types = kind.form === 'media' ? Object.keys(kind.types) : null;
  return { name, noun, types, canPlan: types !== null };
}
