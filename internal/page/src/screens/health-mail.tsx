// The recipients of mail, and the next mail.
import type {Connector} from "../api/names.ts";
import * as format from "../format.ts";

const recipientStates = {
  confirmed: "is told",
  pending: "has not clicked the link in the invitation yet",
  not_subscribed: "is not subscribed; save the settings to invite again",
};

export function Recipients({connector}: {connector: Connector}) {
  const states = new Map((connector.recipients ?? []).map((r) => [r.email, r.state]));
  const {nextMail, notifyEmails} = connector;
  const isApp = connector.credential.kind === "github_app";
  const about = nextMail && aboutMail(nextMail);
  return (
    <>
      {notifyEmails.length === 0 ? (
        <p class="reason">
          Nobody is told by mail. Name somebody below
          {nextMail && `: on ${format.fullDay(nextMail.date)} it is time to say that ${about}`}.
        </p>
      ) : (
        <>
          <ul class="recipients">
            {notifyEmails.map((email) => {
              const state = states.get(email);
              return (
                <li key={email}>
                  <b>{email}</b>
                  {state && ` ${recipientStates[state]}`}
                </li>
              );
            })}
          </ul>
          {nextMail && (
            <p>
              The next mail goes out on {format.fullDay(nextMail.date)}: {about}.
            </p>
          )}
        </>
      )}
      <p class="small">
        Mails go out 14, 7, 3 and 1 days before{" "}
        {isApp ? "the key is a year old, on that day" : "the token ends, when it has ended"}, when GitHub stops handing out
        reports, and when it does so again.
      </p>
    </>
  );
}

function aboutMail({kind, daysLeft}: NonNullable<Connector["nextMail"]>): string {
  if (kind === "key_age") return ofKey(daysLeft);
  return kind === "expired" ? "the token has ended" : `the token ends in ${format.some(daysLeft, "day")}`;
}

/** Tells the age of a key. A key does not end, but should be replaced once a year. */
function ofKey(daysLeft: number): string {
  return daysLeft === 0 ? "the key is a year old" : `the key will be a year old in ${format.some(daysLeft, "day")}`;
}
