import { execForm, type Instruction, readDockerfile, readEnv, type Stage } from './read-dockerfile.ts';

/** What is wrong with a Dockerfile, a line each; empty where nothing is. After hadolint's rules, whose numbers stand in brackets. */
export function lintDockerfile(text: string, exists: (path: string) => boolean): readonly string[] {
  const stages = readDockerfile(text);
  const last = stages.at(-1);
  if (last === undefined) return ['has no FROM'];
  return [...stages.flatMap((stage, index) => lintStage(stage, stages.slice(0, index), exists)), ...lintResult(last)];
}

function lintStage(stage: Stage, earlier: readonly Stage[], exists: (path: string) => boolean): readonly string[] {
  const found: string[] = [];
  const say = ({ line }: Pick<Instruction, 'line'>, what: string) => found.push(`line ${line}: ${what}`);
  const isStage = earlier.some(({ as }) => as === stage.base);
  if (!isStage && !/:(?!latest$)[\w.-]+$/.test(stage.base))
    found.push(`${stage.base}: has no version tag [DL3006, DL3007]`);
  for (const step of stage.steps) {
    switch (step.name) {
      case 'RUN':
        if (/\bsudo\b/.test(step.text)) say(step, 'uses sudo [DL3004]');
        if (/apt-get install/.test(step.text)) {
          if (!/--no-install-recommends/.test(step.text)) say(step, 'installs what is recommended too [DL3015]');
          if (!/(--yes|-y)\b/.test(step.text)) say(step, 'asks a question [DL3014]');
          if (!/rm -rf [^&]*\/var\/lib\/apt\/lists/.test(step.text))
            say(step, 'leaves the lists of apt behind [DL3009]');
        }
        if (/\b(?:apt|apt-get) (?:dist-)?upgrade\b/.test(step.text)) say(step, 'upgrades the base [DL3005]');
        if (/\bnpm (?:i|install)\b/.test(step.text)) say(step, 'installs past the lock file: npm ci');
        if (/\b(?:curl|wget)\b.*\|\s*(?:sh|bash)\b/.test(step.text)) say(step, 'runs what it downloads');
        break;
      case 'ADD':
        say(step, 'ADD: use COPY [DL3020]');
        break;
      case 'COPY':
        found.push(...lintCopy(step, earlier, exists));
        break;
      case 'WORKDIR':
        if (!step.text.startsWith('/')) say(step, 'is relative [DL3000]');
        break;
      case 'ENV':
        if (Object.keys(readEnv(step.text)).some((name) => /PASSWORD|TOKEN|SECRET|KEK/.test(name)))
          say(step, 'has a secret in the image');
        break;
      case 'CMD':
      case 'ENTRYPOINT':
        if (execForm(step.text) === null) say(step, 'runs through a shell, which takes its signals [DL3025]');
        break;
      default:
        if (!['USER', 'VOLUME', 'EXPOSE', 'STOPSIGNAL', 'HEALTHCHECK', 'LABEL'].includes(step.name))
          say(step, `${step.name} is no instruction that is used here`);
    }
  }
  return found;
}

function lintCopy(step: Instruction, earlier: readonly Stage[], exists: (path: string) => boolean): readonly string[] {
  const from = /^--from=(\S+)\s/.exec(step.text)?.[1];
  if (from !== undefined) {
    return earlier.some(({ as }) => as === from)
      ? []
      : [`line ${step.line}: copies from ${from}, which is no earlier stage [DL3022]`];
  }
  const [...paths] = step.text.split(/\s+/);
  const target = paths.pop() ?? '';
  return [
    ...paths
      .filter((path) => !exists(path))
      .map((path) => `line ${step.line}: ${path} is not there, or is kept out by .dockerignore`),
    ...(paths.length > 1 && !target.endsWith('/')
      ? [`line ${step.line}: several files go into no folder [DL3021]`]
      : []),
  ];
}

/** What the image as a whole must have. */
function lintResult({ steps }: Stage): readonly string[] {
  const of = (name: string) => steps.filter((step) => step.name === name);
  const user = of('USER').at(-1)?.text ?? '';
  return [
    ...(/^[1-9]\d*:[1-9]\d*$/.test(user) ? [] : ['runs as root, or as a user whose number nobody can check [DL3002]']),
    ...(of('HEALTHCHECK').length === 1 ? [] : ['has no health check, or several']),
    ...(of('ENTRYPOINT').length === 1 && of('CMD').length <= 1 ? [] : ['has not one entry point [DL4003, DL4004]']),
    ...(user !== '' && of('RUN').some((step) => steps.indexOf(step) > steps.findIndex(({ name }) => name === 'USER'))
      ? ['changes itself as the user that it runs as']
      : []),
  ];
}
