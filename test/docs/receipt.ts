import { createClient, verifyReceipt, type Receipt } from '@reelport/client';

/** @throws ReceiptError if the receipt was not signed by this server, or was changed */
export async function receiptOf(url: string, token: string, importId: string): Promise<Receipt> {
  const client = createClient({ url, token });
  const { receipt } = await client.imports.receipt(importId);
  return verifyReceipt(receipt, await client.receiptKeys());
}
