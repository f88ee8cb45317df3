// Shows text of the API with its addresses as links. Only https addresses become links, and nothing is read as markup.
const address = /(https:\/\/[^\s<>"'()]*[^\s<>"'().,;:])/;

export function Linked({text}: {text: string}) {
  return <>{text.split(address).map((part, i) => (i % 2 ? <Outside key={i} url={part} title={part} /> : part))}</>;
}

/** A simulated GitHub is on loopback. */
const followed = /^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\/)/;

export function Outside({url, title}: {url: string; title: string}) {
  return followed.test(url) ? (
    <a href={url} target="_blank" rel="noreferrer">
      {title}
    </a>
  ) : (
    <>{title}</>
  );
}
