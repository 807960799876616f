/** A sleep that a commit, a message or a stop ends early. A `wake` that comes before the `sleep` is not lost. */
export class Wake {
  #woken = false;
  #resume: (() => void) | undefined;

  readonly wake = (): void => {
    this.#woken = true;
    this.#resume?.();
  };

  /** Resolves after `milliseconds`, or at once when woken. */
  async sleep(milliseconds: number): Promise<void> {
    if (!this.#woken) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.#resume = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#resume = undefined;
    this.#woken = false;
  }
}
