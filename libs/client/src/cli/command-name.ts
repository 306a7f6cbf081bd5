/** The command as it was started, for hints: npm sets its variables for `npx`. */
export function commandName(environment: NodeJS.ProcessEnv = process.env): string {
  return environment['npm_command'] === 'exec' ? 'npx reelport' : 'reelport';
}
