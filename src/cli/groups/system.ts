import type { Command } from 'commander';
import { type AddCommand, addNoun } from '../add-command.ts';
import { withWideOption } from '../repeated-options.ts';

/** Models, keys, and whether everything can work. */
export function addSystemCommands(program: Command, add: AddCommand): void {
  program.commandsGroup('System:');
  addModels(addNoun(program, 'llm', 'models: profiles, answers, what it took'), add);
  addKeys(addNoun(program, 'auth', 'keys of providers, kept encrypted'), add);
  add(program, {
    usage: 'doctor',
    summary: 'check that everything here can work',
    example: 'orrery doctor',
    async work(session) {
      const { doctor } = await import('../commands/doctor.ts');
      return doctor(session);
    },
  });
}

function addModels(llm: Command, add: AddCommand): void {
  const profiles = add(llm, {
    usage: 'profiles',
    summary: 'list the profiles, their prices and where their keys come from',
    example: 'orrery llm profiles',
    async work(session, options) {
      const { listProfiles } = await import('../commands/list-profiles.ts');
      return listProfiles(session, options);
    },
  });
  withWideOption(profiles);
  const ping = add(llm, {
    usage: 'ping [profile...]',
    summary: 'ask each profile one small question, within the budgets',
    example: 'orrery llm ping chief analyst',
    async work(session, options, ...names) {
      const { pingProfiles } = await import('../commands/ping-profiles.ts');
      return pingProfiles(session, options, names);
    },
  });
  withWideOption(ping);
  const usage = add(llm, {
    usage: 'usage',
    summary: 'add up what models took, over all runs',
    example: 'orrery llm usage --run r_01JD3K7Q --by agent',
    async work(session, options) {
      const { showUsage } = await import('../commands/show-usage.ts');
      return showUsage(session, options);
    },
  })
    .option('--run <run>', 'only this run')
    .option('--by <what>', 'provider, model, agent, run or day (on which a run began) [model]');
  withWideOption(usage);
}

function addKeys(auth: Command, add: AddCommand): void {
  add(auth, {
    usage: 'set <provider>',
    summary: 'store a key, typed unseen or read from stdin',
    example: 'orrery auth set openrouter < key.txt',
    async work(session, _options, provider) {
      const { setKey } = await import('../commands/auth.ts');
      return setKey(session, provider ?? '');
    },
  });
  add(auth, {
    usage: 'login <provider>',
    summary: 'the same, after the provider has answered a question with it',
    example: 'orrery auth login openrouter',
    async work(session, _options, provider) {
      const { logIn } = await import('../commands/auth.ts');
      return logIn(session, provider ?? '');
    },
  });
  add(auth, {
    usage: 'list',
    summary: 'say which providers have a key, and from where',
    example: 'orrery auth list',
    async work(session) {
      const { listKeys } = await import('../commands/auth.ts');
      return listKeys(session);
    },
  });
  add(auth, {
    usage: 'remove <provider>',
    summary: 'forget a stored key',
    example: 'orrery auth remove openrouter',
    async work(session, _options, provider) {
      const { removeKey } = await import('../commands/auth.ts');
      return removeKey(session, provider ?? '');
    },
  });
}
