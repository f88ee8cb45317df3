import {useState} from "preact/hooks";

/** Copies a text. If the browser forbids that, it shows the text so that a person can copy it. */
export function Copy({title, text}: {title: string; text: string}) {
  const [state, setState] = useState<"idle" | "copied" | "shown">("idle");
  const copy = () => {
    // It is missing outside a secure context.
    const clipboard = navigator.clipboard as Clipboard | undefined;
    (clipboard?.writeText(text) ?? Promise.reject()).then(
      () => setState("copied"),
      () => setState("shown"),
    );
  };
  return (
    <>
      <button type="button" class="secondary" onClick={copy}>
        {title}
      </button>
      <span role="status" class="small">
        {state === "copied" && " Copied."}
      </span>
      {state === "shown" && (
        <textarea class="copied" readOnly aria-label={title} rows={6} value={text} onFocus={(e) => e.currentTarget.select()} />
      )}
    </>
  );
}
