import inquirer from 'inquirer';
import { DomainError } from '../domain/shared/errors.ts';
import { checkPassword } from '../domain/users/password-rules.ts';

interface Known {
  readonly username: string;
  readonly email: string;
}

type Asked = Known & { readonly password: string };

/** Asks at the terminal for what no flag said; undefined when the answers were broken off. */
export async function askForSuperuser(
  known: Known,
  flags: { readonly username?: string | undefined; readonly email?: string | undefined },
): Promise<Asked | undefined> {
  try {
    const username = flags.username ?? (await ask('input', 'User name', known.username));
    const email = flags.email ?? (await ask('input', 'E-mail address', known.email));
    const password = await ask('password', 'Password', undefined, (text) =>
      faultOf(text, { username, email }),
    );
    await ask(
      'password',
      'Password (again)',
      undefined,
      (text) => text === password || 'the two are not the same',
    );
    return { username, email, password };
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') return undefined;
    throw error;
  }
}

type Validate = (text: string) => true | string;

const given: Validate = (text) => text.trim() !== '' || 'cannot be empty';

async function ask(
  type: 'input' | 'password',
  message: string,
  fallback?: string,
  validate = given,
): Promise<string> {
  const mask = type === 'password' ? { mask: '*' } : {};
  const initial = fallback === undefined ? {} : { default: fallback };
  const { answer } = await inquirer.prompt<{ answer: string }>([
    { type, name: 'answer', message: `${message}:`, validate, ...mask, ...initial },
  ]);
  return answer;
}

function faultOf(password: string, owner: Known): true | string {
  try {
    checkPassword('password', password, owner);
    return true;
  } catch (error) {
    return error instanceof DomainError ? error.message : 'cannot be used';
  }
}
