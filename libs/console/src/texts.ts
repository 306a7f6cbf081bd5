import type { FaultCode } from '#libs/client/table';
import type { Text } from './lib/language.svelte.js';

/** A text with a number or a name in it. */
type With<T> = Text<(value: T) => string>;

const text = (en: string, de: string): Text => [en, de];
const using = <T>(en: (value: T) => string, de: (value: T) => string): With<T> => [en, de];

/** Faults of lists in German. The English sentences are those of the command line, and come with the faults. */
const faults: Record<FaultCode, (...values: string[]) => string> = {
  empty: () => 'Darf nicht leer sein',
  nul: () => 'Darf kein U+0000 enthalten',
  long: (max, length) => `Darf höchstens ${max} Zeichen haben, nicht ${length}`,
  titleEmpty: () => 'Der Titel darf nicht leer sein',
  titleNul: () => 'Der Titel darf kein U+0000 enthalten',
  titleLong: (max, length) => `Der Titel darf höchstens ${max} Zeichen haben, nicht ${length}`,
  scheme: () => 'Muss mit http:// oder https:// beginnen',
  control: () => 'Darf keine Steuerzeichen enthalten',
  incomplete: () => 'Muss eine vollständige URL sein, etwa https://example.com/file',
  credentials: () => 'Darf weder Benutzernamen noch Passwort enthalten',
  sha256: () => 'Muss ein SHA-256 aus 64 hexadezimalen Ziffern sein',
  size: () => 'Muss die Größe in Bytes sein, eine ganze Zahl ab 1',
  noMetadata: () => 'Muss ein Objekt sein',
  largeMetadata: () => 'Die Metadaten sind größer als 64 KiB',
  duplicate: (line) => `Wiederholt die ID aus Zeile ${line}`,
  twice: (name) => `Die Spalte „${name}“ kommt in der Kopfzeile zweimal vor`,
  fields: (count, wanted) => `Hat ${count} Felder statt ${wanted}`,
  noObject: () => 'Muss ein Objekt sein',
  noJson: () => 'Muss gültiges JSON sein',
  quote: () =>
    'Enthält ein Anführungszeichen: Das ganze Feld muss in Anführungszeichen stehen, mit verdoppelten darin; die Zeilen danach wurden nicht gelesen',
  quoteEnd: () =>
    'Beginnt mit einem Anführungszeichen, endet aber nicht damit; Anführungszeichen im Feld müssen verdoppelt sein; die Zeilen danach wurden nicht gelesen',
  quoteOpen: () =>
    'Beginnt mit einem Anführungszeichen, das nirgends schließt; die Zeilen danach wurden nicht gelesen',
  unreadable: (message) => `Nicht lesbar: ${message}`,
};

/** What failures mean in German, by code. The English sentences are those of the server, and come with the failures. */
const causes: Readonly<Record<string, string>> = {
  CANCELLED: 'Der Import wurde abgebrochen',
  CHECKSUM_MISMATCH:
    'Die Datei ist nicht die erwartete (bei der Übertragung beschädigt, oder eine andere an der Quelle)',
  CONNECTION_FAILED: 'Keine Verbindung zum Server der Datei',
  EMPTY: 'Die Datei ist leer',
  HOST_NOT_FOUND: 'Der Hostname lässt sich nicht auflösen',
  HTTP_STATUS: 'Die Datei ließ sich nicht laden',
  INTERNAL: 'Interner Fehler',
  METADATA_INVALID: 'Die Metadaten passen nicht zum Schema des Projekts',
  NOT_A_VIDEO: 'Die Datei ist kein Video',
  PLAN_EXPIRED: 'Der Plan wurde nicht rechtzeitig ausgeführt',
  PROCESSING_TIMED_OUT: 'Die Verarbeitung hat zu lange gedauert',
  STORAGE_FAILED: 'Die Datei ließ sich nicht speichern',
  TIMED_OUT: 'Der Server der Datei hat nicht rechtzeitig geantwortet',
  TLS_FAILED: 'Keine TLS-Verbindung zum Server der Datei',
  TOO_LARGE: 'Die Datei ist größer als erlaubt',
  TOO_MANY_REDIRECTS: 'Zu viele Weiterleitungen',
  TRUNCATED: 'Der Download ist unvollständig',
  UNREADABLE: 'Das Lesen der Datei hat die erlaubten Ressourcen überschritten',
  URL_BLOCKED: 'Die URL der Datei ist nicht erlaubt',
};

const ASK_FOR_ACCESS =
  'Bitten Sie das Archiv um Zugang oder um URLs, die ihn enthalten, und wiederholen Sie dann';
const NOT_HERE =
  'Unter dieser URL gibt es die Datei nicht. Berichtigen Sie die URL, oder nehmen Sie den Eintrag aus Ihrer Liste';

/** What to do about failures in German; the English sentences come with the failures. */
const cures: Readonly<Record<string, string>> = {
  CANCELLED: 'Wiederholen Sie diese Einträge, wenn Sie sie doch brauchen',
  CHECKSUM_MISMATCH:
    'Vergleichen Sie sha256 und size Ihrer Liste mit der Datei im Archiv. Berichtigen Sie die Liste, oder bitten Sie das Archiv, die Datei wiederherzustellen',
  CONNECTION_FAILED:
    'Prüfen Sie den Host in der URL. Stimmt er, fragen Sie das Archiv, ob der Server läuft, und wiederholen Sie dann',
  EMPTY:
    'Das Archiv hat dafür keinen Inhalt. Bitten Sie es, die Datei wiederherzustellen, oder nehmen Sie den Eintrag aus Ihrer Liste',
  HOST_NOT_FOUND:
    'Prüfen Sie die Schreibweise des Hosts. Stimmt sie, fragen Sie das Archiv nach seinen Nameservern, und wiederholen Sie dann',
  HTTP_STATUS: 'Öffnen Sie die URL selbst: Der Server antwortet darauf nicht mit der Datei',
  INTERNAL:
    'An Ihrer Anfrage ist nichts falsch. Wiederholen Sie; scheitert es erneut, melden Sie es dem Betrieb von Reelport',
  METADATA_INVALID:
    'Berichtigen Sie die Metadaten, wie es der Grund sagt, und importieren Sie dann noch einmal',
  NOT_A_VIDEO:
    'Öffnen Sie die Datei: Ist sie kein Video, nehmen Sie sie aus Ihrer Liste; ist sie eines, wandeln Sie sie in ein unterstütztes Format um, etwa MP4',
  PLAN_EXPIRED:
    'Wiederholen Sie, um diese Einträge zu importieren, wie sie sind, oder planen Sie den Stapel neu und führen Sie den Plan rechtzeitig aus',
  PROCESSING_TIMED_OUT:
    'Wiederholen Sie; dauert es wieder zu lange, senden Sie den Eintrag dem Betrieb von Reelport',
  STORAGE_FAILED:
    'An der Datei ist nichts falsch. Melden Sie dem Betrieb von Reelport den Fehler des Speichers, und wiederholen Sie dann',
  TIMED_OUT:
    'Wiederholen Sie, wenn der Server weniger zu tun hat; bleibt es dabei, sagen Sie dem Archiv, dass der Server zu langsam ist',
  TLS_FAILED:
    'Bitten Sie das Archiv, das Zertifikat des Servers zu erneuern oder zu berichtigen, und wiederholen Sie dann',
  TOO_LARGE:
    'Stellen Sie eine kleinere Fassung der Datei bereit, oder bitten Sie den Betrieb von Reelport, die Grenze anzuheben',
  TOO_MANY_REDIRECTS: 'Verwenden Sie die URL der Datei selbst',
  TRUNCATED:
    'Wiederholen Sie. Scheitern dieselben Dateien erneut, sind sie im Archiv abgeschnitten: Bitten Sie das Archiv, sie wiederherzustellen',
  UNREADABLE:
    'Die Datei ist beschädigt oder soll Schaden anrichten. Öffnen Sie sie, speichern Sie sie mit einem anderen Programm, und importieren Sie diese Datei',
  URL_BLOCKED:
    'Verwenden Sie die öffentliche URL der Datei. Liegt das Archiv in einem internen Netz, bitten Sie den Betrieb von Reelport, es zu erlauben',
};

/** What to do about a response in German, by HTTP status. Others count as x00 of their class. */
const cureOfStatus: Readonly<Record<number, string>> = {
  200: 'Der Server antwortet mit etwas anderem als der Datei. Öffnen Sie die URL, und verwenden Sie die der Datei selbst',
  202: 'Das Archiv stellt die Datei noch bereit. Wiederholen Sie später; bleibt es dabei, sagen Sie es dem Archiv',
  300: 'Der Server bietet keine einzelne Datei an. Verwenden Sie die URL der Datei selbst',
  400: 'Der Server lehnt die Anfrage ab. Öffnen Sie die URL selbst; geht es dort, bitten Sie das Archiv, Reelport zuzulassen',
  401: ASK_FOR_ACCESS,
  403: ASK_FOR_ACCESS,
  404: NOT_HERE,
  407: ASK_FOR_ACCESS,
  408: 'Der Server hat zu lange gewartet. Wiederholen Sie später',
  410: NOT_HERE,
  425: 'Der Server will die Anfrage später. Wiederholen Sie später',
  429: 'Der Server bittet um weniger Anfragen. Wiederholen Sie später',
  451: 'Das Archiv darf diese Datei aus rechtlichen Gründen nicht herausgeben. Nehmen Sie den Eintrag aus Ihrer Liste',
  500: 'Der Server hat versagt. Wiederholen Sie später; bleibt es dabei, sagen Sie es dem Archiv',
  503: 'Der Server ist überlastet oder wird gewartet. Wiederholen Sie später; bleibt es dabei, sagen Sie es dem Archiv',
};

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
      auto: text('Auto', 'Automatisch'),
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
    anyMoment: text('at any moment', 'jeden Moment'),
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
      'Ein Token erhalten Sie mit npm run token oder von der Verwaltung Ihres Projekts.',
    ),
    waiting: text(
      'You need not sign in again: this page goes on as soon as the server answers.',
      'Sie müssen sich nicht neu anmelden: Diese Seite macht weiter, sobald der Server antwortet.',
    ),
    other: text('Use another token', 'Anderes Token verwenden'),
  },
  states: {
    started: text('Running', 'Läuft'),
    success: text('Success', 'Erfolgreich'),
    partial: text('Success, with failures', 'Erfolgreich, mit Fehlern'),
    failed: text('Failed', 'Fehlgeschlagen'),
    planned: text('Planned', 'Geplant'),
    scheduled: text('Scheduled', 'Startet später'),
    pending: text('Pending', 'Wartet'),
    running: text('Running', 'Läuft'),
    skipped: text('Skipped', 'Übersprungen'),
    delivered: text('Delivered', 'Zugestellt'),
    superseded: text('Superseded', 'Überholt'),
    active: text('Active', 'Aktiv'),
    ending: text('Being replaced', 'Wird ersetzt'),
    expired: text('Expired', 'Abgelaufen'),
    revoked: text('Revoked', 'Widerrufen'),
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
    /** By HTTP status, before the sentence of the server. */
    statuses: {
      400: text('The request is not valid:', 'Die Anfrage ist ungültig:'),
      408: text('The request took too long:', 'Die Anfrage hat zu lange gedauert:'),
      409: text('The current state does not allow this:', 'Der aktuelle Zustand lässt das nicht zu:'),
      410: text('This is no longer available:', 'Das ist nicht mehr verfügbar:'),
      413: text('The request is too large:', 'Die Anfrage ist zu groß:'),
      415: text('The server cannot read this format:', 'Der Server kann dieses Format nicht lesen:'),
      422: text('The server cannot process this:', 'Der Server kann das nicht verarbeiten:'),
      429: text('Too many requests:', 'Zu viele Anfragen:'),
    },
  },
  import: {
    title: text('Import', 'Import'),
    back: text('All imports', 'Alle Importe'),
    sections: text('Sections', 'Abschnitte'),
    items: text('Items', 'Einträge'),
    failuresTab: text('Failures', 'Fehler'),
    plan: text('Plan', 'Plan'),
    raw: text('JSON', 'JSON'),
    by: using<string>(
      (name) => `by ${name}`,
      (name) => `von ${name}`,
    ),
    progress: text('Progress', 'Fortschritt'),
    finished: text('finished', 'fertig'),
    rate: text('Rate', 'Durchsatz'),
    perSecond: using<string>(
      (rate) => `${rate} items/s`,
      (rate) => `${rate} Einträge/s`,
    ),
    eta: text('Time left', 'Restzeit'),
    starts: text('Starts', 'Start'),
    about: using<string>(
      (time) => `about ${time}`,
      (time) => `etwa ${time}`,
    ),
    measuring: text('measuring…', 'wird gemessen…'),
    took: text('Took', 'Dauer'),
    latestTook: text('Latest run took', 'Dauer des letzten Laufs'),
    plot: text('Finished items per second', 'Fertige Einträge pro Sekunde'),
    report: text('Report', 'Bericht'),
    receipt: text('Receipt', 'Beleg'),
    receiptLead: text(
      'Signed proof of what was imported. Keep it with your records: it can be verified offline with the public key of this server.',
      'Signierter Nachweis dessen, was importiert wurde. Bewahren Sie ihn auf: Er lässt sich offline mit dem öffentlichen Schlüssel dieses Servers prüfen.',
    ),
    retryFailed: text('Retry all failed', 'Alle fehlgeschlagenen wiederholen'),
    request: text('Request', 'Anfrage'),
    requestLead: text(
      'The batch as it was posted, without the queries of its URLs: they may contain signatures.',
      'Der Stapel, wie er gesendet wurde, ohne die Abfrageteile seiner URLs: Sie können Signaturen enthalten.',
    ),
    retryMatching: text('Retry all that match', 'Alle passenden wiederholen'),
    retrySelected: text('Retry selected', 'Ausgewählte wiederholen'),
    cancelImport: text('Cancel import', 'Import abbrechen'),
    cancelMatching: text('Cancel all that match', 'Alle passenden abbrechen'),
    cancelSelected: text('Cancel selected', 'Ausgewählte abbrechen'),
    apply: text('Apply plan', 'Plan ausführen'),
    item: text('Item', 'Eintrag'),
    outcome: text('Outcome', 'Ergebnis'),
    predicted: text('Predicted', 'Vorhersage'),
    reason: text('Reason', 'Grund'),
    search: text('Id or title', 'ID oder Titel'),
    state: text('State', 'Zustand'),
    anyState: text('Any state', 'Alle Zustände'),
    code: text('Code', 'Code'),
    anyCode: text('Any code', 'Alle Codes'),
    httpStatus: text('HTTP status', 'HTTP-Status'),
    noStatus: text('none', 'keiner'),
    host: text('Host', 'Host'),
    anyHost: text('Any host', 'Alle Hosts'),
    anyPrediction: text('Any prediction', 'Alle Vorhersagen'),
    run: text('Run', 'Lauf'),
    anyRun: text('Any run', 'Alle Läufe'),
    latestRun: text('Latest run', 'Letzter Lauf'),
    drift: text('Prediction', 'Vorhersage'),
    drifts: { true: text('not met', 'nicht eingetroffen'), false: text('met', 'eingetroffen') },
    select: using<string>(
      (title) => `Select ${title}`,
      (title) => `${title} auswählen`,
    ),
    selected: using<string>(
      (count) => `${count} selected`,
      (count) => `${count} ausgewählt`,
    ),
    unselect: text('Clear selection', 'Auswahl aufheben'),
    matching: using<string>(
      (count) => (count === '1' ? '1 item' : `${count} items`),
      (count) => (count === '1' ? '1 Eintrag' : `${count} Einträge`),
    ),
    noMatch: text('No item matches these filters', 'Kein Eintrag passt zu diesen Filtern'),
    changed: text('The list has changed: update it', 'Die Liste hat sich geändert: aktualisieren'),
    left: text('changed', 'geändert'),
    attempts: using<number>(
      (tries) => (tries === 1 ? '1 attempt' : `${tries} attempts`),
      (tries) => (tries === 1 ? '1 Versuch' : `${tries} Versuche`),
    ),
    nextTry: text('Next attempt', 'Nächster Versuch'),
    noFailures: text('Nothing has failed', 'Nichts ist fehlgeschlagen'),
    noFailuresHint: text(
      'Failures appear here in groups, each with its cure.',
      'Fehler erscheinen hier in Gruppen, jede mit ihrer Abhilfe.',
    ),
    cure: text('What to do', 'Was zu tun ist'),
    firstLast: using<{ first: string; last: string }>(
      ({ first, last }) => `first ${first}, last ${last}`,
      ({ first, last }) => `zuerst ${first}, zuletzt ${last}`,
    ),
    sample: text('Sample', 'Beispiel'),
    waitingGroup: text('Reelport tries again by itself', 'Reelport versucht es von selbst wieder'),
    hostAgain: text('the host may be asked again', 'der Host darf wieder gefragt werden'),
    retryGroup: using<string>(
      (count) => (count === '1' ? 'Retry this item' : `Retry these ${count}`),
      (count) => (count === '1' ? 'Diesen Eintrag wiederholen' : `Diese ${count} wiederholen`),
    ),
    retryHost: using<string>(
      (count) => `Retry ${count} failed`,
      (count) => `${count} fehlgeschlagene wiederholen`,
    ),
    showItems: text('Show the items', 'Einträge zeigen'),
    hostsTab: text('Hosts', 'Hosts'),
    moreHosts: using<string>(
      (count) => `The hosts with the most items are shown; there are ${count}.`,
      (count) => `Gezeigt werden die Hosts mit den meisten Einträgen; es sind ${count}.`,
    ),
    bytes: text('Imported', 'Importiert'),
    bytesPerSecond: using<string>(
      (bytes) => `${bytes}/s`,
      (bytes) => `${bytes}/s`,
    ),
    noHelp: text('A retry alone will not help.', 'Wiederholen allein hilft nicht.'),
  },
  action: {
    counting: text('Counting…', 'Wird gezählt…'),
    retryTitle: using<string>(
      (count) => `Retry ${count === '1' ? '1 item' : `${count} items`}?`,
      (count) => `${count === '1' ? '1 Eintrag' : `${count} Einträge`} wiederholen?`,
    ),
    cancelTitle: using<string>(
      (count) => `Cancel ${count === '1' ? '1 item' : `${count} items`}?`,
      (count) => `${count === '1' ? '1 Eintrag' : `${count} Einträge`} abbrechen?`,
    ),
    applyTitle: text('Apply this plan?', 'Diesen Plan ausführen?'),
    retryLead: text(
      'They run again within this import, with their full number of attempts. Its webhook is sent again when they have finished.',
      'Sie laufen in diesem Import noch einmal, wieder mit allen Versuchen. Danach wird der Webhook des Imports erneut gesendet.',
    ),
    cancelLead: text(
      'Finished items keep their outcome. Cancelled items count as failed, and can be retried.',
      'Fertige Einträge behalten ihr Ergebnis. Abgebrochene gelten als fehlgeschlagen und lassen sich wiederholen.',
    ),
    applyLead: text(
      'Every item runs now; the prediction stays beside the outcome.',
      'Alle Einträge laufen jetzt; die Vorhersage bleibt neben dem Ergebnis stehen.',
    ),
    nothing: text('No item matches: there is nothing to do.', 'Kein Eintrag passt: Es gibt nichts zu tun.'),
    of: text('of', 'von'),
    retry: text('Retry', 'Wiederholen'),
    cancelItems: text('Cancel items', 'Einträge abbrechen'),
    apply: text('Apply', 'Ausführen'),
    keep: text('Go back', 'Zurück'),
    retrying: using<string>(
      (count) => (count === '1' ? '1 item is running again…' : `${count} items are running again…`),
      (count) => (count === '1' ? '1 Eintrag läuft wieder…' : `${count} Einträge laufen wieder…`),
    ),
    retried: using<string>(
      (count) => `Retry finished: ${count} succeeded`,
      (count) => `Wiederholung beendet: ${count} erfolgreich`,
    ),
    retriedInVain: using<{ succeeded: string; failed: string }>(
      ({ succeeded, failed }) => `Retry finished: ${succeeded} succeeded, ${failed} failed again`,
      ({ succeeded, failed }) =>
        `Wiederholung beendet: ${succeeded} erfolgreich, ${failed} wieder fehlgeschlagen`,
    ),
    cancelled: using<string>(
      (count) => (count === '1' ? '1 item cancelled.' : `${count} items cancelled.`),
      (count) => (count === '1' ? '1 Eintrag abgebrochen.' : `${count} Einträge abgebrochen.`),
    ),
    show: text('Show them', 'Zeigen'),
    filter: text('Only items that match all of this:', 'Nur Einträge, auf die all dies zutrifft:'),
    selection: text('Your selection', 'Ihre Auswahl'),
    everyFailed: using<string>(
      (count) =>
        count === '1' ? 'The only failed item of this import' : `All ${count} failed items of this import`,
      (count) =>
        count === '1'
          ? 'Der einzige fehlgeschlagene Eintrag dieses Imports'
          : `Alle ${count} fehlgeschlagenen Einträge dieses Imports`,
    ),
    everyUnfinished: using<string>(
      (count) =>
        count === '1'
          ? 'The only unfinished item of this import'
          : `All ${count} unfinished items of this import`,
      (count) =>
        count === '1'
          ? 'Der einzige unfertige Eintrag dieses Imports'
          : `Alle ${count} unfertigen Einträge dieses Imports`,
    ),
  },
  plan: {
    title: text('Plan and outcome', 'Plan und Ergebnis'),
    planning: text(
      'Reelport looks at every item; nothing is imported yet.',
      'Reelport sieht sich jeden Eintrag an; noch wird nichts importiert.',
    ),
    open: text(
      'Nothing is imported before you apply the plan.',
      'Nichts wird importiert, bevor Sie den Plan ausführen.',
    ),
    expires: text('It expires', 'Er verfällt'),
    drift: using<string>(
      (count) =>
        count === '1'
          ? '1 item ended otherwise than predicted.'
          : `${count} items ended otherwise than predicted.`,
      (count) =>
        count === '1'
          ? '1 Eintrag endete anders als vorhergesagt.'
          : `${count} Einträge endeten anders als vorhergesagt.`,
    ),
    noDrift: text(
      'Every finished item ended as predicted.',
      'Alle fertigen Einträge endeten wie vorhergesagt.',
    ),
    showDrift: text('Show them', 'Zeigen'),
    predicted: text('Predicted', 'Vorhergesagt'),
    items: text('Items', 'Einträge'),
    unfinished: text('Not finished', 'Nicht fertig'),
    bytes: text('To download', 'Herunterzuladen'),
    takes: text('Will take', 'Voraussichtliche Dauer'),
    unknown: text('unknown', 'unbekannt'),
    actual: {
      create: text('New', 'Neu'),
      update: text('Changed', 'Geändert'),
      skip: text('Unchanged', 'Unverändert'),
      fail: text('Failed', 'Fehlgeschlagen'),
    },
  },
  item: {
    toImport: text('Import', 'Import'),
    toMedium: text('Open it in the library', 'In der Bibliothek öffnen'),
    attempts: text('Attempts', 'Versuche'),
    attemptsOfRun: using<{ run: string; all: string }>(
      ({ run, all }) => `${run} in this run, ${all} in all`,
      ({ run, all }) => `${run} in diesem Lauf, ${all} insgesamt`,
    ),
    noAttempts: text('No attempt yet', 'Noch kein Versuch'),
    file: text('Stored file', 'Gespeicherte Datei'),
    source: text('Source', 'Quelle'),
    request: text('As it was posted', 'Gesendeter Eintrag'),
    requestLead: text(
      'Without the query of its URL: it may contain a signature.',
      'Ohne den Abfrageteil der URL: Er kann eine Signatur enthalten.',
    ),
    position: text('Position', 'Position'),
    next: text('Next attempt', 'Nächster Versuch'),
    why: text('Why the item waits', 'Warum der Eintrag wartet'),
    until: text('It continues', 'Es geht weiter'),
  },
  library: {
    title: text('Library', 'Bibliothek'),
    search: text('Search', 'Suchen'),
    searched: text('Search in', 'Suchen in'),
    by: {
      title: text('Title', 'Titel'),
      externalId: text('Your id', 'Ihre ID'),
      sha256: text('SHA-256', 'SHA-256'),
    },
    kind: text('Kind', 'Art'),
    anyKind: text('Any kind', 'Alle Arten'),
    version: using<number>(
      (version) => `version ${version}`,
      (version) => `Version ${version}`,
    ),
    older: text('Older media', 'Ältere Medien'),
    newest: text('Newest media', 'Neueste Medien'),
    noMatch: text('Nothing in the library matches', 'Nichts in der Bibliothek passt'),
    noMatchHint: text(
      'Titles are found by the beginnings of their words; ids and hashes have to be complete.',
      'Titel werden über die Anfänge ihrer Wörter gefunden; IDs und Hashes müssen vollständig sein.',
    ),
    empty: text('The library is empty', 'Die Bibliothek ist leer'),
    emptyHint: text('What imports bring in appears here.', 'Was Importe bringen, erscheint hier.'),
  },
  medium: {
    title: text('Medium', 'Medium'),
    type: text('Type', 'Typ'),
    size: text('Size', 'Größe'),
    facts: {
      width: text('Width', 'Breite'),
      height: text('Height', 'Höhe'),
      duration: text('Duration', 'Dauer'),
      container: text('Container', 'Container'),
      videoCodec: text('Video codec', 'Video-Codec'),
      audioCodec: text('Audio codec', 'Audio-Codec'),
    },
    created: text('First imported', 'Zuerst importiert'),
    changed: text('Changed', 'Geändert'),
    versions: text('Versions', 'Versionen'),
    metadata: text('Metadata', 'Metadaten'),
    remove: text('Remove', 'Entfernen'),
    removeTitle: using<string>(
      (title) => `Remove “${title}”?`,
      (title) => `„${title}“ entfernen?`,
    ),
    removeLead: text(
      'It leaves the library, and its files are no longer served. For a while, 24 hours by default, it can be restored on this page.',
      'Es verlässt die Bibliothek, und seine Dateien werden nicht mehr ausgeliefert. Eine Zeit lang, meist 24 Stunden, lässt es sich auf dieser Seite wiederherstellen.',
    ),
    removed: text(
      'It was removed from the library. For a while, it can be restored as it was.',
      'Es wurde aus der Bibliothek entfernt. Eine Zeit lang lässt es sich wiederherstellen, wie es war.',
    ),
    perhapsRemoved: text(
      'If it was removed a short time ago, it can be restored as it was.',
      'Wurde es vor Kurzem entfernt, lässt es sich wiederherstellen, wie es war.',
    ),
    restore: text('Restore', 'Wiederherstellen'),
    tooLate: text(
      'It cannot be restored: it was removed too long ago, or was never here.',
      'Es lässt sich nicht wiederherstellen: Es wurde vor zu langer Zeit entfernt, oder es war nie hier.',
    ),
  },
  failures: {
    causes,
    cures,
    cureOfStatus,
    waits: (cure: string): string =>
      `Noch ist nichts zu tun: Der nächste Versuch folgt von selbst. Scheitert auch er: ${cure}`,
    pauses: (time: string): string =>
      `Wiederholen Sie nach ${time}: Der Server hat um eine Pause gebeten oder antwortet wiederholt nicht`,
  },
  faults,
  newImport: {
    title: text('New import', 'Neuer Import'),
    lead: text(
      'Every row is checked here before anything is sent.',
      'Jede Zeile wird hier geprüft, bevor etwas gesendet wird.',
    ),
    postedLead: text(
      'The server has the list. This page can be loaded again, or shared.',
      'Der Server hat die Liste. Diese Seite lässt sich neu laden und teilen.',
    ),
    source: text('List', 'Liste'),
    file: text('File', 'Datei'),
    drop: text(
      'Drop a CSV, TSV, JSON or JSON Lines file here',
      'CSV-, TSV-, JSON- oder JSON-Lines-Datei hierher ziehen',
    ),
    choose: text('Choose a file', 'Datei wählen'),
    paste: text(
      'Or paste URLs, or rows with a header line',
      'Oder URLs einfügen, oder Zeilen mit einer Kopfzeile',
    ),
    pasted: text('Pasted text', 'Eingefügter Text'),
    urls: text('Pasted URLs', 'Eingefügte URLs'),
    bom: text('with byte order mark', 'mit Byte-Reihenfolge-Markierung'),
    delimiter: text('Delimiter', 'Trennzeichen'),
    tab: text('Tab', 'Tabulator'),
    columns: text('Columns', 'Spalten'),
    fields: {
      id: text('Your id', 'Ihre ID'),
      url: text('URL of the file', 'URL der Datei'),
      title: text('Title', 'Titel'),
      sha256: text('Expected SHA-256', 'Erwarteter SHA-256'),
      size: text('Expected size', 'Erwartete Größe'),
    },
    noColumn: {
      id: text('Choose a column', 'Spalte wählen'),
      url: text('Choose a column', 'Spalte wählen'),
      title: text('Last part of the URL', 'Letzter Teil der URL'),
      sha256: text('None', 'Keine'),
      size: text('None', 'Keine'),
    },
    metadata: text('Other columns that become metadata', 'Weitere Spalten, die Metadaten werden'),
    checking: text('Checking every row…', 'Alle Zeilen werden geprüft…'),
    unreadable: text('The list cannot be read.', 'Die Liste ist nicht lesbar.'),
    noEntries: text('The list has no entries.', 'Die Liste hat keine Einträge.'),
    chooseColumns: using<string>(
      (fields) => `Choose the columns of: ${fields}.`,
      (fields) => `Wählen Sie die Spalten für: ${fields}.`,
    ),
    noFaults: using<string>(
      (count) => (count === '1' ? '1 row, no faults.' : `${count} rows, no faults.`),
      (count) => (count === '1' ? '1 Zeile, keine Fehler.' : `${count} Zeilen, keine Fehler.`),
    ),
    faults: using<string>(
      (count) => (count === '1' ? '1 fault' : `${count} faults`),
      (count) => (count === '1' ? '1 Fehler' : `${count} Fehler`),
    ),
    faultsLead: text(
      'Nothing was sent. Correct the list and choose it again, or leave columns out.',
      'Nichts wurde gesendet. Korrigieren Sie die Liste und wählen Sie sie noch einmal, oder lassen Sie Spalten weg.',
    ),
    moreFaults: using<string>(
      (count) => `and ${count} more`,
      (count) => (count === '1' ? 'und 1 weiterer' : `und ${count} weitere`),
    ),
    line: text('Line', 'Zeile'),
    column: text('Column', 'Spalte'),
    fault: text('Fault', 'Fehler'),
    atLine: using<string>(
      (line) => `line ${line}`,
      (line) => `Zeile ${line}`,
    ),
    kind: text('Kind', 'Art'),
    system: text('System name', 'Systemname'),
    systemHint: text(
      'It and your id together identify an entry, so use the same name each time.',
      'Er und Ihre ID bestimmen einen Eintrag, also jedes Mal denselben verwenden.',
    ),
    plan: text('Plan', 'Planen'),
    run: text('Import now', 'Jetzt importieren'),
    planHint: text(
      'A plan predicts every outcome and imports nothing.',
      'Ein Plan sagt jedes Ergebnis voraus und importiert nichts.',
    ),
    sent: using<{ sent: string; total: string }>(
      ({ sent, total }) => `${sent} of ${total} sent`,
      ({ sent, total }) => `${sent} von ${total} gesendet`,
    ),
    goOn: text('Go on', 'Fortsetzen'),
    prediction: text('Prediction', 'Vorhersage'),
    predictionLead: text(
      'Size as far as the sources declare it; time estimated from the throughput of recent imports.',
      'Größe, soweit die Quellen sie nennen; Dauer geschätzt nach dem Durchsatz der letzten Importe.',
    ),
    size: text('To download', 'Herunterzuladen'),
    estimate: text('Time', 'Dauer'),
    apply: using<string>(
      (count) => (count === '1' ? 'Import 1 item now' : `Import ${count} items now`),
      (count) => (count === '1' ? '1 Eintrag jetzt importieren' : `${count} Einträge jetzt importieren`),
    ),
    another: text('Another list', 'Weitere Liste'),
  },
  media: {
    noPreview: text('There is no preview of this file.', 'Für diese Datei gibt es keine Vorschau.'),
    open: text('Open the file', 'Datei öffnen'),
  },
  waiting: {
    title: text('Pending items', 'Wartende Einträge'),
    pending: text('Pending', 'Wartend'),
    inFlight: text('In flight', 'In Arbeit'),
    workers: text('Workers', 'Worker'),
    capacity: text('Capacity', 'Kapazität'),
    hosts: text('Hosts', 'Hosts'),
    noHost: text('Items without a host', 'Einträge ohne Host'),
    nothing: text('Nothing waits', 'Nichts wartet'),
    nothingHint: text(
      'Every item of this project has finished.',
      'Alle Einträge dieses Projekts sind fertig.',
    ),
    fine: text('Nothing holds items up.', 'Nichts hält Einträge auf.'),
    onlyTurn: text(
      'Items wait for their turn only: all that may run at once are running.',
      'Einträge warten nur, bis sie an der Reihe sind: Alle, die gleichzeitig laufen dürfen, laufen.',
    ),
    atOnce: text('Most at once', 'Höchstens gleichzeitig'),
    again: text('Next request', 'Nächste Anfrage'),
    asked: text('It asked for a pause. Next request', 'Er hat um eine Pause gebeten. Nächste Anfrage'),
    failures: using<string>(
      (count) => `Failures in a row: ${count}.`,
      (count) => `Fehler in Folge: ${count}.`,
    ),
    circuits: {
      closed: text('It answers.', 'Er antwortet.'),
      open: text('No requests are sent to it at the moment.', 'Er bekommt vorerst keine Anfragen.'),
      'half-open': text('The next attempt decides.', 'Der nächste Versuch entscheidet.'),
    },
    circuitNames: {
      closed: text('reachable', 'erreichbar'),
      open: text('paused', 'pausiert'),
      'half-open': text('testing', 'wird geprüft'),
    },
    circuit: using<string>(
      (circuit) => `Circuit: ${circuit}`,
      (circuit) => `Circuit: ${circuit}`,
    ),
  },
  waits: {
    no_worker: text('No worker is alive.', 'Kein Worker läuft.'),
    kind_missing: text('No worker has this kind.', 'Kein Worker kennt diese Art.'),
    disk: text('A worker has too little disk space.', 'Einem Worker fehlt Plattenplatz.'),
    redis: text('Redis cannot be reached.', 'Redis ist nicht erreichbar.'),
    redis_read_only: text('Redis accepts no writes.', 'Redis nimmt keine Schreibzugriffe an.'),
    redis_memory: text('Redis is out of memory.', 'Redis hat keinen Speicher mehr.'),
    redis_disk: text('Redis cannot write to its disk.', 'Redis kann nicht auf die Platte schreiben.'),
    redis_refused: text('Redis refuses the connection.', 'Redis lehnt die Verbindung ab.'),
    database_read_only: text('PostgreSQL accepts no writes.', 'PostgreSQL nimmt keine Schreibzugriffe an.'),
    host_asked: text('A host asked for a pause.', 'Ein Host hat um eine Pause gebeten.'),
    host_failing: text('A host keeps failing.', 'Ein Host antwortet wiederholt nicht.'),
    retry: text(
      'An attempt failed; the next one comes later.',
      'Ein Versuch ist fehlgeschlagen; der nächste folgt.',
    ),
    not_before: text('The import is scheduled for later.', 'Der Import startet später.'),
    turn: text('Other items come first.', 'Andere Einträge sind vorher an der Reihe.'),
  },
  predictions: {
    create: text('New', 'Neu'),
    update: text('Changed', 'Geändert'),
    skip: text('Unchanged', 'Unverändert'),
    fail: text('Will fail', 'Wird fehlschlagen'),
  },
  imports: {
    title: text('Imports', 'Importe'),
    system: text('System', 'System'),
    state: text('State', 'Zustand'),
    anyState: text('Any state', 'Alle Zustände'),
    systemFilter: text('System name', 'Systemname'),
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
  tokens: {
    title: text('Access tokens', 'Zugriffstoken'),
    lead: text(
      'Every system that calls the API has its own token, with the scopes that it needs.',
      'Jedes System, das die API aufruft, hat ein eigenes Token mit den Scopes, die es braucht.',
    ),
    name: text('Name', 'Name'),
    scopes: text('Scopes', 'Scopes'),
    state: text('State', 'Zustand'),
    created: text('Created', 'Erstellt'),
    expires: text('Expires', 'Läuft ab'),
    lastUsed: text('Last used', 'Zuletzt benutzt'),
    actions: text('Actions', 'Aktionen'),
    yours: text('the one you use here', 'das Sie hier benutzen'),
    endsAt: text('ends', 'endet'),
    none: text('No access tokens yet', 'Noch keine Zugriffstoken'),
    older: text('Older tokens', 'Ältere Token'),
    newest: text('Newest tokens', 'Neueste Token'),
    make: text('New token', 'Neues Token'),
    makeLead: text(
      'It can have no scope that your own token lacks.',
      'Es kann keinen Scope haben, der Ihrem eigenen Token fehlt.',
    ),
    nameHint: text('Who uses it: archive of the newsroom', 'Wer es benutzt: Archiv der Redaktion'),
    lifetime: text('Lifetime', 'Gültigkeit'),
    days: using<number>(
      (days) => (days === 1 ? '1 day' : `${days} days`),
      (days) => (days === 1 ? '1 Tag' : `${days} Tage`),
    ),
    create: text('Create token', 'Token erstellen'),
    purposes: {
      'public-api:read': text(
        'Read the library and watch imports',
        'Bibliothek lesen und Importe beobachten',
      ),
      'public-api:write': text(
        'Import, follow imports, and read webhook deliveries',
        'Importieren, Importe verfolgen und Webhook-Zustellungen lesen',
      ),
      'public-api:admin': text('Issue and revoke access tokens', 'Zugriffstoken ausstellen und widerrufen'),
    },
    secretTitle: text('Copy the token now', 'Token jetzt kopieren'),
    secretLead: text(
      'This is the only time that it is shown. Reelport does not store it.',
      'Es wird nur dieses eine Mal angezeigt. Reelport speichert es nicht.',
    ),
    secret: text('Token', 'Token'),
    rotate: text('Rotate', 'Ersetzen'),
    idOf: using<string>(
      (name) => `id of ${name}`,
      (name) => `ID von ${name}`,
    ),
    rotateNamed: using<string>(
      (name) => `Rotate ${name}`,
      (name) => `${name} ersetzen`,
    ),
    rotateTitle: using<string>(
      (name) => `Replace the token ${name}?`,
      (name) => `Das Token ${name} ersetzen?`,
    ),
    rotateLead: text(
      'The new one has the same name, scopes and lifetime.',
      'Das neue hat denselben Namen, dieselben Scopes und dieselbe Gültigkeit.',
    ),
    overlap: text('The old token stays valid for', 'Das alte Token gilt noch'),
    overlaps: {
      '0s': text('not at all', 'gar nicht'),
      '1h': text('1 hour', '1 Stunde'),
      '1d': text('1 day', '1 Tag'),
      '7d': text('7 days', '7 Tage'),
    },
    revoke: text('Revoke', 'Widerrufen'),
    revokeNamed: using<string>(
      (name) => `Revoke ${name}`,
      (name) => `${name} widerrufen`,
    ),
    revokeTitle: using<string>(
      (name) => `Revoke the token ${name}?`,
      (name) => `Das Token ${name} widerrufen?`,
    ),
    revokeLead: text(
      'Calls with it are refused within 5 seconds. This cannot be undone.',
      'Aufrufe damit werden innerhalb von 5 Sekunden abgelehnt. Das lässt sich nicht rückgängig machen.',
    ),
    revokeOwn: text(
      'You use this token here: you will be signed out.',
      'Sie benutzen dieses Token hier: Sie werden abgemeldet.',
    ),
  },
  verify: {
    tab: text('Verify a signature', 'Signatur prüfen'),
    lead: text(
      'Paste what your receiver got, to see whether it is genuine, or why its signature does not match. The secret does not leave this page.',
      'Fügen Sie ein, was Ihr Empfänger bekommen hat, um zu sehen, ob es echt ist oder warum die Signatur nicht passt. Das Geheimnis verlässt diese Seite nicht.',
    ),
    headers: text('Headers', 'Header'),
    headersHint: text(
      'webhook-id, webhook-timestamp and webhook-signature, one per line; others are ignored.',
      'webhook-id, webhook-timestamp und webhook-signature, je eine Zeile; andere werden ignoriert.',
    ),
    body: text('Body', 'Body'),
    bodyHint: text(
      'As received, not parsed and written again.',
      'Wie empfangen, nicht geparst und neu geschrieben.',
    ),
    secret: text('Webhook secret', 'Webhook-Geheimnis'),
    submit: text('Verify', 'Prüfen'),
    valid: text(
      'Valid: this message is genuine and recent.',
      'Gültig: Diese Nachricht ist echt und aktuell.',
    ),
    matches: text(
      'The signature matches: secret and body are right.',
      'Die Signatur passt: Geheimnis und Body stimmen.',
    ),
    old: using<string>(
      (age) => `The message is too old: it was signed ${age}, and receivers accept 5 minutes.`,
      (age) => `Die Nachricht ist zu alt: Sie wurde ${age} signiert, und Empfänger akzeptieren 5 Minuten.`,
    ),
    early: using<string>(
      (age) =>
        `The message is from the future (${age}): the clock of this computer or of the server is wrong.`,
      (age) =>
        `Die Nachricht kommt aus der Zukunft (${age}): Die Uhr dieses Computers oder des Servers geht falsch.`,
    ),
    missing: using<string>(
      (names) => `Missing: ${names}.`,
      (names) => `Es fehlt: ${names}.`,
    ),
    timestamp: text(
      'webhook-timestamp is no number of seconds since 1970.',
      'webhook-timestamp ist keine Zahl von Sekunden seit 1970.',
    ),
    signature: text(
      'webhook-signature has no signature of the version v1: it begins with v1 and a comma.',
      'webhook-signature enthält keine Signatur der Version v1: Sie beginnt mit v1 und einem Komma.',
    ),
    secretFormat: text(
      'This is no webhook secret: it begins with whsec_, followed by base64.',
      'Das ist kein Webhook-Geheimnis: Es beginnt mit whsec_, gefolgt von Base64.',
    ),
    rewritten: text(
      'The body was changed: its content is the same, but white space or notation is not. Verify the bytes that you received, before any parser.',
      'Der Body wurde verändert: Der Inhalt ist gleich, Leerraum oder Schreibweise nicht. Prüfen Sie die empfangenen Bytes vor jedem Parser.',
    ),
    changed: using<string>(
      (position) => `The body was changed: it differs from what was sent from character ${position} on.`,
      (position) =>
        `Der Body wurde verändert: Er weicht ab Zeichen ${position} von dem ab, was gesendet wurde.`,
    ),
    sent: text('Sent', 'Gesendet'),
    given: text('Pasted', 'Eingefügt'),
    timestampChanged: text(
      'webhook-timestamp was changed: the signature is that of an attempt at another time.',
      'webhook-timestamp wurde verändert: Die Signatur gehört zu einem Versuch zu anderer Zeit.',
    ),
    wrongSecret: using<string>(
      (project) =>
        `Wrong secret: it has not signed this message. Operators print that of the project with npm run -s project -- webhook-secret --project ${project}.`,
      (project) =>
        `Falsches Geheimnis: Es hat diese Nachricht nicht signiert. Das des Projekts gibt npm run -s project -- webhook-secret --project ${project} aus.`,
    ),
    mismatch: text(
      'The signature does not match: the secret is another one, or the body was changed. This project has no delivery with this id to tell which.',
      'Die Signatur passt nicht: Das Geheimnis ist ein anderes, oder der Body wurde verändert. Dieses Projekt hat keine Zustellung mit dieser ID; welches von beiden, lässt sich hier nicht sagen.',
    ),
  },
  webhooks: {
    title: text('Webhooks', 'Webhooks'),
    delivery: text('Webhook delivery', 'Webhook-Zustellung'),
    back: text('All deliveries', 'Alle Zustellungen'),
    sections: text('Sections', 'Abschnitte'),
    deliveries: text('Deliveries', 'Zustellungen'),
    event: text('Event', 'Ereignis'),
    state: text('State', 'Zustand'),
    anyState: text('Any state', 'Alle Zustände'),
    import: text('Import', 'Import'),
    receiver: text('Receiver', 'Empfänger'),
    attempts: text('Attempts', 'Versuche'),
    attemptCount: using<number>(
      (count) => (count === 1 ? '1 attempt' : `${count} attempts`),
      (count) => (count === 1 ? '1 Versuch' : `${count} Versuche`),
    ),
    noAttempts: text('No attempt has finished yet', 'Noch kein Versuch ist fertig'),
    next: text('Next attempt', 'Nächster Versuch'),
    dueNow: text('now', 'jetzt'),
    created: text('Created', 'Erstellt'),
    deliveredAt: text('Delivered', 'Zugestellt'),
    noAnswer: text('No response', 'Keine Antwort'),
    accepted: text('The receiver accepted it.', 'Der Empfänger hat sie angenommen.'),
    /** In German, by HTTP status; the English sentence comes with the attempt. */
    refusals: {
      redirect: (status: number): string =>
        `Der Empfänger hat mit ${status} geantwortet; Weiterleitungen werden nicht verfolgt`,
      gone: (status: number): string =>
        `Der Empfänger hat mit ${status} geantwortet und nimmt diesen Webhook nicht mehr an`,
      other: (status: number): string => `Der Empfänger hat mit ${status} geantwortet`,
      none: 'Keine Antwort vom Empfänger',
    },
    response: text('Response', 'Antwort'),
    responseTo: using<number>(
      (attempt) => `Response to attempt ${attempt}`,
      (attempt) => `Antwort auf Versuch ${attempt}`,
    ),
    payload: text('Body', 'Body'),
    payloadCut: text('The beginning; copying takes all of it.', 'Der Anfang; Kopieren nimmt alles.'),
    fresh: using<string>(
      (count) => (count === '1' ? '1 new delivery' : `${count} new deliveries`),
      (count) => (count === '1' ? '1 neue Zustellung' : `${count} neue Zustellungen`),
    ),
    older: text('Older deliveries', 'Ältere Zustellungen'),
    newest: text('Newest deliveries', 'Neueste Zustellungen'),
    noMatch: text('No delivery matches these filters', 'Keine Zustellung passt zu diesen Filtern'),
    empty: text('No webhook deliveries yet', 'Noch keine Webhook-Zustellungen'),
    emptyHint: text(
      'Give a batch the URL of your receiver as "webhook": it is called when the import has finished.',
      'Geben Sie einem Stapel die URL Ihres Empfängers als "webhook" mit: Er wird aufgerufen, wenn der Import fertig ist.',
    ),
    redeliver: text('Redeliver', 'Erneut zustellen'),
    redelivered: text(
      'It is sent again with the same id. The attempt appears here.',
      'Sie wird mit derselben ID noch einmal gesendet. Der Versuch erscheint hier.',
    ),
    redeliverFailed: text('Redeliver failed', 'Fehlgeschlagene erneut zustellen'),
    redeliverTitle: text('Redeliver all failed', 'Alle fehlgeschlagenen erneut zustellen'),
    redeliverLead: text(
      'For a receiver that was down. Each message keeps its id, so that receivers recognise what they have already got.',
      'Für einen Empfänger, der nicht erreichbar war. Jede Nachricht behält ihre ID, damit Empfänger erkennen, was sie schon haben.',
    ),
    since: text('Created since', 'Erstellt seit'),
    sinceHint: text('Leave it empty for all.', 'Leer lassen für alle.'),
    wouldBe: using<string>(
      (count) =>
        count === '1'
          ? '1 failed delivery would be sent again.'
          : `${count} failed deliveries would be sent again.`,
      (count) =>
        count === '1'
          ? '1 fehlgeschlagene Zustellung würde wieder gesendet.'
          : `${count} fehlgeschlagene Zustellungen würden wieder gesendet.`,
    ),
    noneFailed: text('None has failed since then.', 'Seitdem ist keine fehlgeschlagen.'),
    sentAgain: using<string>(
      (count) => (count === '1' ? '1 delivery is sent again.' : `${count} deliveries are sent again.`),
      (count) =>
        count === '1'
          ? '1 Zustellung wird wieder gesendet.'
          : `${count} Zustellungen werden wieder gesendet.`,
    ),
    showPending: text('Show pending ones', 'Wartende zeigen'),
  },
} as const;
