import { readFile } from 'node:fs/promises';
import { didYouMean } from '../config/did-you-mean.js';
import { metadataSchemaOf, ProjectError, ProjectsService } from '../projects/projects.service.js';
import { validSecrets } from '../projects/webhook-secrets.js';
import type { Installation } from './installation.js';
import { print, printMessage } from './output.js';
import { withApplication } from './with-application.js';

interface Target {
  project: string;
}

export function list(installation: Installation): Promise<void> {
  return onProjects(installation, async (projects) => {
    print(['ID', 'NAME', 'METADATA SCHEMAS', 'CREATED'].join('\t'));
    for (const { id, name, metadataSchemas, createdAt } of await projects.list()) {
      const kinds = Object.keys(metadataSchemas).toSorted().join(', ');
      print([id, name, kinds === '' ? 'none' : kinds, createdAt.toISOString()].join('\t'));
    }
  });
}

export async function schema(
  installation: Installation,
  { project, kind, file, clear }: Target & { kind: string; file?: string; clear?: boolean },
): Promise<void> {
  assertMediaKind(kind, installation);
  const given = file === undefined ? undefined : await readSchema(file);
  await onProjects(installation, async (projects) => {
    if (clear === true) return projects.setMetadataSchema(project, kind, null);
    if (given !== undefined) return projects.setMetadataSchema(project, kind, given);
    const found = metadataSchemaOf(await projects.findByName(project), kind);
    if (found === null) printMessage(`Project "${project}" has no metadata schema for ${kind}`);
    else print(JSON.stringify(found, null, 2));
  });
}

export function webhookSecret(
  installation: Installation,
  { project, rotate }: Target & { rotate?: boolean },
): Promise<void> {
  return onProjects(installation, async (projects) => {
    const secrets =
      rotate === true
        ? await projects.rotateWebhookSecret(project)
        : (await projects.findByName(project)).webhookSecrets;
    const [newest] = validSecrets(secrets);
    if (newest === undefined)
      throw new ProjectError(`Project "${project}" has no webhook secret; create one with --rotate`);
    print(newest.secret);
  });
}

/** @throws ProjectError with a suggestion */
function assertMediaKind(kind: string, { mediaKinds }: Installation): void {
  if (mediaKinds.includes(kind)) return;
  const meant = didYouMean(kind, mediaKinds);
  const hint = meant === undefined ? `there are ${mediaKinds.join(', ')}` : `did you mean ${meant}?`;
  throw new ProjectError(`There is no kind of media "${kind}"; ${hint}`);
}

function onProjects(
  installation: Installation,
  run: (projects: ProjectsService) => Promise<void>,
): Promise<void> {
  return withApplication(installation, (app) => run(app.get(ProjectsService, { strict: false })));
}

async function readSchema(file: string): Promise<object> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new ProjectError(
      `Cannot read the schema file: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch (error) {
    throw new ProjectError(
      `${file} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  throw new ProjectError(`${file} must contain a JSON object`);
}
