package sns_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/lifecycle"
	"cloudmonitor.ai/copilot-connector/internal/notify/sns"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
	"cloudmonitor.ai/copilot-connector/internal/testworld/assembled"
)

// team is a live connector whose list of recipients people change, and which mails them.
type team struct {
	*fakeSNS
	*assembled.World
	t   *testing.T
	ref connector.Ref
}

func newTeam(t *testing.T) *team {
	t.Helper()
	f, client := newFakeSNS(t)
	clock := testworld.NewClock(time.Date(2026, 11, 22, 7, 0, 0, 0, time.UTC))
	w := &team{fakeSNS: f, World: assembled.On(t, t.TempDir(), clock, nil), t: t, ref: newRef("acme")}
	w.Parts.Post = sns.New(client, topics+"operations", prefix)
	c := &connector.Connector{
		Ref: w.ref, Provider: connector.GitHubCopilot, Phase: connector.Live,
		Account: copilot.Account{Host: copilot.GitHubCom, Scope: copilot.Organization, Slug: "octo-demo"},
	}
	_, err := w.Parts.Store.Create(t.Context(), c)
	must(t, err)
	return w
}

// list makes the addresses the connector's recipients.
func (w *team) list(emails ...string) {
	w.t.Helper()
	_, err := w.Parts.Lifecycle().Change(w.t.Context(), w.ref, lifecycle.Changes{NotifyEmails: &emails}, "ada")
	must(w.t, err)
	w.read()
}

// mail sends a mail some hours later. It returns who has got it, and whether SNS was asked for the subscribers.
func (w *team) mail(hours int) (got []string, asked bool) {
	w.t.Helper()
	w.Advance(time.Duration(hours) * time.Hour)
	c, err := w.Parts.Store.Connector(w.t.Context(), w.ref)
	must(w.t, err)
	before := w.calls["ListSubscriptionsByTopic"]
	_, err = w.Parts.Notifier().Once(w.t.Context(), c, w.Now().String(), connector.Notice{Kind: connector.NoticeHealed, At: w.Now()})
	must(w.t, err)
	for address, mails := range w.read() {
		got = append(got, slices.Repeat([]string{address}, len(mails))...)
	}
	slices.Sort(got)
	return got, w.calls["ListSubscriptionsByTopic"] > before
}

// mailed checks a mail that is sent some hours later.
func (w *team) mailed(hours int, asked bool, want ...string) {
	w.t.Helper()
	got, hasAsked := w.mail(hours)
	if diff := cmp.Diff(want, got); diff != "" || asked != hasAsked {
		w.t.Errorf("%s: SNS was asked for the subscribers: %v; mailed (-want +got):\n%s", w.Now(), hasAsked, diff)
	}
}

const ann, eve = "ann@example.com", "eve@example.com"

func TestSubscribersAreLookedUpOnlyWhereSomebodyHasLeft(t *testing.T) {
	t.Parallel()
	w := newTeam(t)
	w.list(ann, eve)
	w.clicks(confirmed, ann, eve)
	w.mailed(0, false, ann, eve)
	w.list(ann)
	w.mailed(24, true, ann)
	w.mailed(72, true, ann)
	w.mailed(24, true, ann)
	w.mailed(24, false, ann)
	w.list(ann, eve) // nobody leaves
	w.clicks(confirmed, eve)
	w.mailed(24, false, ann, eve)
	w.list()
	w.mailed(24, false)
	w.list(ann)
	w.clicks(confirmed, ann)
	w.mailed(24, true, ann)
}

func TestAnAddressRemovedBeforeConfirmingGetsNoMail(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]func(w *team){
		"she confirms before the next mail": func(w *team) {
			w.clicks(confirmed, eve)
			w.mailed(1, true, ann)
		},
		"she confirms at the last moment": func(w *team) {
			w.mailed(47, true, ann)
			w.clicks(confirmed, eve)
			w.mailed(1, true, ann)
		},
		"she confirms, and the next mail is sent weeks later": func(w *team) {
			w.clicks(confirmed, eve)
			w.mailed(500, true, ann)
		},
		"another change follows": func(w *team) {
			w.clicks(confirmed, eve)
			w.list(ann, "bob@example.com")
			w.mailed(1, true, ann)
		},
		"the connector is looked at": func(w *team) {
			w.clicks(confirmed, eve)
			_, err := w.Parts.Post.Confirmations(w.t.Context(), w.ref, []string{ann})
			must(w.t, err)
			w.mailed(1, true, ann)
		},
		"SNS fails while she is unsubscribed": func(w *team) {
			w.clicks(confirmed, eve)
			w.instead = func(action string, call int) (int, string) {
				if action == "Unsubscribe" && call < 10 {
					return 403, "AuthorizationError"
				}
				return 0, ""
			}
			c, err := w.Parts.Store.Connector(w.t.Context(), w.ref)
			must(w.t, err)
			w.Advance(500 * time.Hour)
			if _, err = w.Parts.Notifier().Once(w.t.Context(), c, "x", connector.Notice{Kind: connector.NoticeHealed, At: w.Now()}); err == nil {
				w.t.Error("the mail did not fail")
			}
			w.instead = nil
			w.mailed(1, true, ann)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTeam(t)
			w.list(ann, eve)
			w.clicks(confirmed, ann)
			w.list(ann)
			test(w)
			if got, _ := w.mail(500); !slices.Equal(got, []string{ann}) {
				t.Errorf("mailed %v", got)
			}
			w.mailed(1, false, ann)
		})
	}
}

func TestAPersonWithTwoSpellingsOfHerAddressGetsOneMail(t *testing.T) {
	t.Parallel()
	w := newTeam(t)
	w.list("Ann@example.com", "bob@example.com")
	w.list("bob@example.com")
	w.list("bob@example.com", ann) // her new spelling has an invitation too
	w.clicks(confirmed, "Ann@example.com", ann, "bob@example.com")
	if got, _ := w.mail(1); len(got) != 2 {
		t.Errorf("mailed %v", got)
	}
}
