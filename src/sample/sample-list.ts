const TITLES = [
  'Harbour at dawn',
  'Interview with the ferryman',
  'Market day',
  'The old cinema',
  'Night shift at the bakery',
  'Snow on the pass',
  'A river in flood',
  'Rehearsal of the town band',
  'The last tram',
  'Bees on the roof',
  'Building the footbridge',
  'Regatta, first heat',
  'Regatta, final',
  'Opening of the library',
  'Goat descent',
  'Workshop of a luthier',
  'Election night',
  'The lighthouse keeper',
  'Fog over the lake',
  'Fireworks',
];
/** The mistakes of real lists: one is found before anything is sent, the other by a plan. */
const TYPING_ERROR = 8;
const DEAD_LINK = 15;

/** A CSV of 20 videos with two mistakes, to try the command line on. */
export function sampleList(videoUrl: string): string {
  const rows = TITLES.map((title, index) => {
    const number = index + 1;
    // The query makes 20 URLs of one file; it is stored once.
    const url = `${videoUrl}?take=${number}`;
    const given =
      number === TYPING_ERROR
        ? url.replace('http:', 'htp:')
        : number === DEAD_LINK
          ? url.replace('.mp4', '-2.mp4')
          : url;
    const year = 2001 + index;
    return [`tape-${String(number).padStart(3, '0')}`, quoted(title), given, 'Jane Doe', year].join(',');
  });
  return ['id,title,url,credit,year', ...rows, ''].join('\n');
}

function quoted(text: string): string {
  return text.includes(',') ? `"${text}"` : text;
}
