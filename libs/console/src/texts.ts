import type { Text } from './lib/language.svelte.js';

/** A text with a number or a name in it. */
type With<T> = Text<(value: T) => string>;

const text = (en: string, de: string): Text => [en, de];
const using = <T>(en: (value: T) => string, de: (value: T) => string): With<T> => [en, de];

/**
 * Every text of the console, English and German side by side: `say(texts.imports.title)`. One section per page, in
 * alphabetical order, after those that all pages use.
 */
export const texts = {
  app: {
    name: text('Reelport', 'Reelport'),
    skip: text('Skip to the content', 'Zum Inhalt springen'),
    navigation: text('Main', 'Hauptnavigation'),
    menu: text('Menu', 'Menü'),
    language: text('Language', 'Sprache'),
    theme: text('Appearance', 'Darstellung'),
    themes: {
      auto: text('As the system', 'Wie das System'),
      light: text('Light', 'Hell'),
      dark: text('Dark', 'Dunkel'),
    },
    project: text('Project', 'Projekt'),
    token: text('Token', 'Token'),
    signOut: text('Sign out', 'Abmelden'),
    live: text('Live', 'Live'),
    polling: text('Updating every few seconds', 'Aktualisiert alle paar Sekunden'),
    lost: text('Server unreachable', 'Server nicht erreichbar'),
    notFound: text('There is no such page', 'Diese Seite gibt es nicht'),
    toImports: text('Go to the imports', 'Zu den Importen'),
  },
  common: {
    all: text('All', 'Alle'),
    cancel: text('Cancel', 'Abbrechen'),
    close: text('Close', 'Schließen'),
    copy: text('Copy', 'Kopieren'),
    copied: text('Copied', 'Kopiert'),
    loading: text('Loading', 'Lädt'),
    more: text('Show more', 'Mehr anzeigen'),
    clearFilters: text('Clear filters', 'Filter löschen'),
    refresh: text('Refresh', 'Aktualisieren'),
    retryNow: text('Try again now', 'Jetzt versuchen'),
    never: text('never', 'nie'),
    none: text('none', 'keine'),
    unknown: text('unknown', 'unbekannt'),
  },
  signIn: {
    title: text('Sign in', 'Anmelden'),
    lead: text(
      'Paste an access token of your project. It stays in this tab and goes to this server only.',
      'Fügen Sie ein Zugriffstoken Ihres Projekts ein. Es bleibt in diesem Tab und geht nur an diesen Server.',
    ),
    token: text('Access token', 'Zugriffstoken'),
    keep: text('Keep for this tab', 'Für diesen Tab merken'),
    keepHint: text(
      'Until the tab is closed; otherwise until it is reloaded.',
      'Bis der Tab geschlossen wird, sonst bis zum Neuladen.',
    ),
    submit: text('Sign in', 'Anmelden'),
    expired: text('Your token is no longer accepted', 'Ihr Token wird nicht mehr akzeptiert'),
    expiredLead: text(
      'It has expired or was revoked. Sign in again to go on where you are.',
      'Es ist abgelaufen oder wurde widerrufen. Melden Sie sich wieder an und machen Sie hier weiter.',
    ),
    linkUsed: text(
      'This link was used before, or is too old. Paste the token that npm start printed.',
      'Dieser Link wurde schon benutzt oder ist zu alt. Fügen Sie das Token ein, das npm start ausgegeben hat.',
    ),
    refused: text('The server does not accept this token.', 'Der Server akzeptiert dieses Token nicht.'),
    unreachable: text(
      'The server cannot be reached. Try again in a moment.',
      'Der Server ist nicht erreichbar. Versuchen Sie es gleich noch einmal.',
    ),
    where: text(
      'A token is issued with npm run token, or by the administrator of your project.',
      'Ein Token stellt npm run token aus, oder wer Ihr Projekt verwaltet.',
    ),
  },
  states: {
    started: text('Running', 'Läuft'),
    success: text('Success', 'Erfolgreich'),
    failed: text('Failed', 'Fehlgeschlagen'),
    planned: text('Planned', 'Geplant'),
    pending: text('Pending', 'Wartet'),
    running: text('Running', 'Läuft'),
    skipped: text('Skipped', 'Übersprungen'),
  },
  trouble: {
    unreachable: text('The server cannot be reached.', 'Der Server ist nicht erreichbar.'),
    keeps: text('You see what was loaded last.', 'Sie sehen den letzten Stand.'),
    retryIn: using<number>(
      (seconds) => `Next attempt in ${seconds} s.`,
      (seconds) => `Nächster Versuch in ${seconds} s.`,
    ),
    retrying: text('Trying again…', 'Neuer Versuch…'),
    forbidden: using<string>(
      (scope) => `Your token lacks the scope ${scope}.`,
      (scope) => `Ihrem Token fehlt der Scope ${scope}.`,
    ),
    forbiddenHint: text(
      'Ask the administrator of your project for a token that has it.',
      'Bitten Sie die Verwaltung Ihres Projekts um ein Token mit diesem Scope.',
    ),
    missing: text(
      'This does not exist, or belongs to another project.',
      'Das gibt es nicht, oder es gehört zu einem anderen Projekt.',
    ),
    signedOut: text('Sign in again to go on.', 'Melden Sie sich wieder an, um fortzufahren.'),
    refused: text('The server refused this:', 'Der Server hat das abgelehnt:'),
  },
  imports: {
    title: text('Imports', 'Importe'),
    system: text('System', 'System'),
    state: text('State', 'Zustand'),
    anyState: text('Any state', 'Jeder Zustand'),
    systemFilter: text('System name', 'Name des Systems'),
    progress: text('Progress', 'Fortschritt'),
    createdBy: text('Created by', 'Erstellt von'),
    age: text('Age', 'Alter'),
    of: using<{ done: string; total: string }>(
      ({ done, total }) => `${done} of ${total}`,
      ({ done, total }) => `${done} von ${total}`,
    ),
    failures: using<string>(
      (count) => `${count} failed`,
      (count) => `${count} fehlgeschlagen`,
    ),
    fresh: using<string>(
      (count) => (count === '1' ? '1 new import' : `${count} new imports`),
      (count) => (count === '1' ? '1 neuer Import' : `${count} neue Importe`),
    ),
    pages: text('Pages', 'Seiten'),
    older: text('Older imports', 'Ältere Importe'),
    newest: text('Newest imports', 'Neueste Importe'),
    noMatch: text('No import matches these filters', 'Kein Import passt zu diesen Filtern'),
    empty: text('No imports yet', 'Noch keine Importe'),
    emptyHint: text(
      'Post a batch to the API, and it appears here as it runs.',
      'Senden Sie einen Stapel an die API; er erscheint hier, während er läuft.',
    ),
  },
} as const;
