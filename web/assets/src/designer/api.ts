// Calls of the API: JSON in and out, problem documents as errors, signing in again in the middle of work.
import { isEnglish, t } from "../language";

export type Fault = { pointer: string; message: string; code: string };

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly errors: Fault[] = [],
  ) {
    super(detail);
  }
}

export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await send(method, path, body);
  return (response.status === 204 ? null : await response.json()) as T;
}

// A file's exact text: a byte order mark and every line end stay what they are.
export async function readText(path: string): Promise<string> {
  const response = await send("GET", path);
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await response.arrayBuffer());
}

async function send(method: string, path: string, body?: unknown): Promise<Response> {
  const upload = body instanceof FormData;
  const headers: Record<string, string> = { "Accept-Language": isEnglish ? "en" : "zh-CN" };
  if (body !== undefined && !upload) headers["Content-Type"] = "application/json";
  for (;;) {
    let response: Response;
    try {
      response = await fetch(`/api/v1${path}`, {
        method,
        headers,
        body: body === undefined ? undefined : upload ? body : JSON.stringify(body),
      });
    } catch {
      throw new Problem(0, "offline", t("网络不通。改动还在本页，恢复后会再次保存。", "No connection. Your changes are still on this page and will be saved."));
    }
    if (response.ok) return response;
    if (response.status === 401 && (await signedInAgain())) continue;
    const problem = await response.json().catch(() => ({}));
    const detail = problem.detail ?? t("没有成功，请稍后再试。", "That did not work; please try again.");
    throw new Problem(response.status, problem.code ?? "", detail, problem.errors ?? []);
  }
}

// The frame's own dialog signs in; whoever closes it without doing so keeps what is on the page.
function signedInAgain(): Promise<boolean> {
  const dialog = document.querySelector<HTMLDialogElement>("dialog#sign-in-again");
  if (!dialog) return Promise.resolve(false);
  if (!dialog.open) dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", async () => resolve((await fetch("/api/v1/me")).ok), { once: true });
  });
}
