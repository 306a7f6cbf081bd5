const RADIXES = [
  (value: number) => value.toString(10),
  (value: number) => `0${value.toString(8)}`,
  (value: number) => `0x${value.toString(16).toUpperCase()}`,
];

/**
 * Lists every way in which `inet_aton`, and therefore WHATWG `URL`, reads one IPv4 address: one to four parts, each
 * decimal, octal or hexadecimal, where the last part fills the remaining octets.
 */
export function ipv4Spellings(ipv4: string): readonly string[] {
  const octets = ipv4.split('.').map(Number);
  return [1, 2, 3, 4].flatMap((parts) => {
    const rest = octets.slice(parts - 1).reduce((value, octet) => value * 256 + octet, 0);
    return mixed([...octets.slice(0, parts - 1), rest]);
  });
}

/** All combinations of the radixes. */
function mixed([first = 0, ...rest]: readonly number[]): string[] {
  const tails = rest.length === 0 ? [''] : mixed(rest).map((tail) => `.${tail}`);
  return RADIXES.flatMap((write) => tails.map((tail) => write(first) + tail));
}
