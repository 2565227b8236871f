// Photos straight from a phone's camera are far larger than anybody needs: they are made smaller here,
// before they are sent, to at most 1600 pixels a side. What is no photo, or cannot be read, goes as it is.
import { t } from "../language";

const LONGEST = 1600;
const QUALITY = 0.82;
const WORTH_IT = 300_000; // bytes: a smaller photo is sent as it is

export function mount(element: HTMLElement): void {
  // In the capture phase: whoever saves or sends the form by itself hears of the change after us.
  element.addEventListener("change", (event) => void shrink(event), true);
}

async function shrink(event: Event): Promise<void> {
  const input = event.target as HTMLInputElement;
  if (!(input instanceof HTMLInputElement) || input.type !== "file" || !input.files?.length) return;
  if (input.dataset.shrunk !== undefined) {
    delete input.dataset.shrunk;
    return;
  }
  const files = [...input.files];
  if (!files.some((file) => isPhoto(file) && file.size > WORTH_IT)) return;
  event.stopImmediatePropagation();
  tell(input, t("正在处理照片…", "Making the photo smaller…"));
  const smaller = new DataTransfer();
  for (const file of files) smaller.items.add(await smallerOf(file));
  input.files = smaller.files;
  const before = files.reduce((sum, file) => sum + file.size, 0);
  const after = [...smaller.files].reduce((sum, file) => sum + file.size, 0);
  tell(input, t(`照片已缩小：${size(before)} → ${size(after)}`, `Photo made smaller: ${size(before)} → ${size(after)}`));
  input.dataset.shrunk = "";
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

const isPhoto = (file: File): boolean => /^image\/(jpeg|png|webp|heic|heif)$/.test(file.type);

async function smallerOf(file: File): Promise<File> {
  if (!isPhoto(file) || file.size <= WORTH_IT) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const context = canvas.getContext("2d");
    if (!context) return file;
    context.fillStyle = "#fff"; // what is see-through in a PNG would turn black
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" });
  } catch {
    return file;
  }
}

function size(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function tell(input: HTMLInputElement, sentence: string): void {
  let note = input.parentElement?.querySelector<HTMLElement>(".photo-note");
  if (!note) {
    note = document.createElement("p");
    note.className = "photo-note";
    note.setAttribute("role", "status");
    input.after(note);
  }
  note.textContent = sentence;
}
