// Which file an editor shows. While one is being opened, what the editor holds is no file's text yet, and
// saving it would put it in the place of the file: nothing, or the file that was shown before.
export class Shown {
  original = "";
  private of: string | null = null;
  private turn = 0;

  // Whether this file is there as a whole, so that what the editor holds may be saved as it.
  is(name: string): boolean {
    return this.of === name;
  }

  // Read a file and draw it; of several that were asked for the last one counts. False: another came after.
  async open(name: string, read: () => Promise<string>, draw: (text: string) => Promise<void>): Promise<boolean> {
    const turn = ++this.turn;
    this.of = null;
    const text = await read();
    if (turn !== this.turn) return false;
    this.original = text;
    await draw(text);
    if (turn !== this.turn) return false;
    this.of = name;
    return true;
  }
}
