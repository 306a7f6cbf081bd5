/** A way to embed an IPv4 address in an IPv6 address. */
export interface EmbeddingForm {
  readonly name: string;
  /** Whether the address is public if the embedded IPv4 address is public. */
  readonly passesWhenPublic: boolean;
  /** Takes the four octets as two groups of IPv6, in hexadecimal. */
  readonly embed: (high: string, low: string) => string;
}

type Row = readonly [name: string, passesWhenPublic: boolean, embed: EmbeddingForm['embed']];

export const EMBEDDING_FORMS: readonly EmbeddingForm[] = (
  [
    ['IPv4-mapped', true, (high, low) => `::ffff:${high}:${low}`],
    ['NAT64', true, (high, low) => `64:ff9b::${high}:${low}`],
    ['6to4', true, (high, low) => `2002:${high}:${low}::1`],
    ['ISATAP', true, (high, low) => `2606:4700::5efe:${high}:${low}`],
    ['ISATAP with u bit', true, (high, low) => `2606:4700::200:5efe:${high}:${low}`],
    ['ISATAP with g bit', true, (high, low) => `2606:4700::100:5efe:${high}:${low}`],
    ['ISATAP inside 6to4', true, (high, low) => `2002:808:808::5efe:${high}:${low}`],
    ['6to4 around ISATAP', true, (high, low) => `2002:${high}:${low}::5efe:808:808`],
    ['IPv4-compatible', false, (high, low) => `::${high}:${low}`],
    ['translated (SIIT)', false, (high, low) => `::ffff:0:${high}:${low}`],
    ['local-use NAT64, /96', false, (high, low) => `64:ff9b:1::${high}:${low}`],
    ['local-use NAT64, /48', false, (high, low) => `64:ff9b:1:${high}:${middle(low)}::`],
    ['Teredo server', false, (high, low) => `2001:0:${high}:${low}::`],
    ['Teredo client', false, (high, low) => `2001:0:808:808:0:0:${inverted(high)}:${inverted(low)}`],
  ] satisfies Row[]
).map(([name, passesWhenPublic, embed]) => ({ name, passesWhenPublic, embed }));

/** Embeds an IPv4 address (four decimal octets). */
export function embedded({ embed }: EmbeddingForm, ipv4: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number);
  return embed(((a << 8) | b).toString(16), ((c << 8) | d).toString(16));
}

/** RFC 4380, 4: the address of a Teredo client is written with all its bits inverted. */
function inverted(group: string): string {
  return (Number.parseInt(group, 16) ^ 0xffff).toString(16);
}

/** RFC 6052, 2.2: in a /48 prefix, the zero octet u splits the second half of the IPv4 address. */
function middle(group: string): string {
  const value = Number.parseInt(group, 16);
  return `${(value >> 8).toString(16)}:${((value & 0xff) << 8).toString(16)}`;
}
