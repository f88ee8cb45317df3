//go:build !race

package collect_test

import (
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

func TestARefusedTokenIsToldAlsoWhenTheConnectorHadStoppedBefore(t *testing.T) {
	t.Parallel()
	w := settled(t)
	w.gitHub.Change(githubsim.Organization, slug, func(a *githubsim.Account) { a.PolicyOff = true })
	w.pollAt(morning(1))
	w.mustTell("the policy is off", connector.NoticeStopped)
	w.gitHub.Change(githubsim.Organization, slug, func(a *githubsim.Account) { a.Tokens[0].Revoked = true })
	w.pollAt(morning(2))
	w.mustTell("the token is revoked as well", connector.NoticeStopped)
	w.gitHub.Change(githubsim.Organization, slug, func(a *githubsim.Account) { a.PolicyOff = false })
	w.pollAt(morning(3))
	w.mustTell("the policy is on again")
	w.gitHub.Change(githubsim.Organization, slug, func(a *githubsim.Account) { a.Tokens[0].Revoked = false })
	w.pollAt(morning(4))
	w.mustTell("all is mended", connector.NoticeHealed)
}

func TestAGapDuringAStopIsToldAfterTheStop(t *testing.T) {
	t.Parallel()
	account := octoDemo()
	account.MissingDays = []string{"2026-11-20"}
	w := settled(t, account)
	w.gitHub.Change(githubsim.Organization, slug, func(a *githubsim.Account) { a.PolicyOff = true })
	for day := 1; day <= 12; day++ {
		w.pollAt(morning(day))
	}
	w.mustTell("while it had stopped", connector.NoticeStopped)
	w.gitHub.Change(githubsim.Organization, slug, func(a *githubsim.Account) { a.PolicyOff = false })
	w.pollAt(morning(13))
	w.mustTell("once it is over", connector.NoticeHealed, connector.NoticeMissing)
}

func TestAConnectorThatIsDeletedDuringItsPollSendsNoNotice(t *testing.T) {
	t.Parallel()
	w := settled(t)
	w.gitHub.Change(githubsim.Organization, slug, func(a *githubsim.Account) { a.Tokens[0].Revoked = true })
	w.gitHub.Intercept(failing("/user", 1, deleting(w)))
	w.Set(morning(1))
	w.run(w.daily(morning(1)))
	w.mustTell("of a deleted connector")
}

func TestAStopThatWasToldBeforeItsCauseWasKeptIsNotToldAgain(t *testing.T) {
	t.Parallel()
	w := settled(t)
	w.gitHub.Change(githubsim.Organization, slug, func(a *githubsim.Account) { a.PolicyOff = true })
	w.pollAt(morning(1))
	w.mustTell("the policy is off", connector.NoticeStopped)
	if _, err := w.store.Change(t.Context(), w.ref, func(c *connector.Connector) error {
		c.ToldStops = nil
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	w.pollAt(morning(2))
	w.mustTell("the policy is still off")
	w.gitHub.Change(githubsim.Organization, slug, func(a *githubsim.Account) { a.Tokens[0].Revoked = true })
	w.pollAt(morning(3))
	w.mustTell("the token is revoked as well", connector.NoticeStopped)
}
