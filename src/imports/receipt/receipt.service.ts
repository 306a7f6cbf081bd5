import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { Injectable, Logger, StreamableFile } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Environment } from '../../config/environment.js';
import { conflict, notFound } from '../../http/api-error.js';
import { TimeSlices } from '../../http/time-slices.js';
import { importNotFound } from '../import-not-found.js';
import { ledgerLine, type LedgerItem } from './ledger-line.js';
import { MerkleTree } from './merkle-tree.js';
import { ReceiptKeysService } from './receipt-keys.service.js';
import type { ImportReceiptDto, InclusionProofDto } from './receipt.dto.js';
import { ReceiptRepository, type ReceiptImport } from './receipt.repository.js';

type FinishedImport = ReceiptImport & { finishedAt: Date };

/** Signed receipts of finished imports. */
@Injectable()
export class ReceiptService {
  private readonly logger = new Logger(ReceiptService.name);

  constructor(
    private readonly repository: ReceiptRepository,
    private readonly keys: ReceiptKeysService,
    private readonly environment: Environment,
    private readonly host: HttpAdapterHost,
  ) {}

  /**
   * Signs the outcomes of the items. The receipt is the same until the import is retried or the key is replaced.
   *
   * @param externalId item whose inclusion is proved
   * @throws ApiError 404 for an unknown import or item, 409 unless it has finished
   */
  async receipt(projectId: number, importId: string, externalId?: string): Promise<ImportReceiptDto> {
    const found = await this.finished(projectId, importId);
    const { ledger, proof } = await this.ledgerOf(found.id, externalId);
    if (externalId !== undefined && proof === undefined) {
      throw notFound('No item of the import has this id', 'externalId');
    }
    await this.assertUnchanged(projectId, found);
    const receipt = await this.keys.sign(this.payload(found, ledger));
    return { receipt, ...(proof && { proof }) };
  }

  /** Streams the lines of the ledger, whose Merkle root the receipt contains. @throws like {@link receipt} */
  async ledger(projectId: number, importId: string): Promise<StreamableFile> {
    const found = await this.finished(projectId, importId);
    return new StreamableFile(Readable.from(this.lines(projectId, found), { objectMode: false }), {
      type: 'application/x-ndjson; charset=utf-8',
      disposition: `attachment; filename="ledger-${found.id}.ndjson"`,
    });
  }

  private async *lines(projectId: number, found: FinishedImport): AsyncGenerator<string> {
    try {
      for await (const items of this.repository.pages(found.id)) {
        yield items.map((item) => `${ledgerLine(item)}\n`).join('');
      }
      await this.assertUnchanged(projectId, found);
    } catch (error) {
      // The response has started, so the client only sees an aborted connection; the cause is logged here.
      this.logger.warn(`Ledger aborted import=${found.id}: ${String(error)}`);
      throw error;
    }
  }

  private async ledgerOf(
    importId: string,
    externalId: string | undefined,
  ): Promise<{ ledger: { leaves: number; root: string }; proof: InclusionProofDto | undefined }> {
    const tree = new MerkleTree();
    const slices = new TimeSlices();
    let leaves = 0;
    let target: Omit<InclusionProofDto, 'path'> | undefined;
    const add = (item: LedgerItem): void => {
      const line = ledgerLine(item);
      const isTarget = item.externalId === externalId;
      if (isTarget) target = { line, index: leaves };
      tree.add(line, isTarget);
      leaves += 1;
    };
    for await (const items of this.repository.pages(importId)) {
      for (const item of items) {
        add(item);
        if (slices.isOver) await slices.pause();
      }
    }
    const { root, path } = tree.close();
    return {
      ledger: { leaves, root: root.toString('hex') },
      proof: target && { ...target, path: path.map((hash) => hash.toString('hex')) },
    };
  }

  private async finished(projectId: number, importId: string): Promise<FinishedImport> {
    const found = await this.repository.find(projectId, importId);
    if (found === null) throw importNotFound();
    const { state, finishedAt, mode, appliedAt } = found;
    const isPlan = mode === 'plan' && appliedAt === null;
    if (isPlan || (state !== 'success' && state !== 'failed') || finishedAt === null) {
      throw conflict({ state: 'Import has not finished; wait until it has' });
    }
    return { ...found, finishedAt };
  }

  /** Items are read in several queries, between which a retry may have begun. */
  private async assertUnchanged(projectId: number, { id, finishedAt }: FinishedImport): Promise<void> {
    const now = await this.repository.find(projectId, id);
    if (now?.finishedAt?.getTime() !== finishedAt.getTime()) {
      throw conflict({ state: 'Import was retried meanwhile; wait until it has finished' });
    }
  }

  private payload(found: FinishedImport, ledger: { leaves: number; root: string }): object {
    const { id, kind, systemName, state, total, success, skipped, failed, finishedAt, project } = found;
    return {
      iss: this.issuer,
      iat: Math.floor(finishedAt.getTime() / 1_000),
      importId: id,
      project: project?.name,
      kind,
      systemName,
      state,
      finishedAt: finishedAt.toISOString(),
      totals: { total, success, skipped, failed },
      ledger,
    };
  }

  private get issuer(): string {
    const { PUBLIC_URL, PORT } = this.environment;
    if (PUBLIC_URL !== undefined) return PUBLIC_URL;
    const address: AddressInfo | string | null = this.host.httpAdapter.getHttpServer().address();
    return `http://localhost:${address === null || typeof address === 'string' ? PORT : address.port}`;
  }
}
