let asides = 0;
let told: typeof process.stdout.write | null = null;

/** What a user's own code prints is no result: it goes to stderr until all returned functions were called. */
export function printAside(): () => void {
  const { stdout, stderr } = process;
  if (asides++ === 0) {
    told = stdout.write;
    stdout.write = stderr.write.bind(stderr) as typeof told;
  }
  let over = false;
  return () => {
    if (over) return;
    over = true;
    if (--asides === 0) stdout.write = told!;
  };
}

/** Before the last words of a process: they are the result, whoever is still at work. */
export function endAsides(): void {
  if (asides > 0) process.stdout.write = told!;
}
