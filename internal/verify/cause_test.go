package verify

import (
	"errors"
	"slices"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// Causes that only an App has, causes that only an installation of the stack's App has, and causes that only tokens have.
var (
	ofBound   = []cause{causeCode, causeNotInstallers, causeNotOwner, causeElsewhere}
	ofApps    = []cause{causeAppKey, causeClock, causeAppSuspended, causeWaiting, causeNotInstalled}
	ofPersons = []cause{causeNotPAT, causeScope}
)

// If anything keeps usage from being read, Verify must not end well: it shows no preview, and a check fails with a remedy.
func TestEveryCauseFailsACheck(t *testing.T) {
	t.Parallel()
	for cause := causeNotPAT; cause <= causeUnexplained; cause++ {
		for _, scope := range []copilot.Scope{copilot.Organization, copilot.Enterprise} {
			for _, token := range []credential.Token{
				credential.Stored("ghp_x"), credential.Stored("github_pat_x"), credential.Stored("sk-x"), credential.Stored("github_app:Iv1:"), credential.Proved(1),
			} {
				e := newEvidence(Request{Account: copilot.Account{Host: copilot.GitHubCom, Scope: scope, Slug: "octo"}, Token: token}, time.Now())
				v := &verdict{evidence: e, cause: cause, shown: &fault.Error{Code: fault.Refused, Err: errors.New("no")}}
				if slices.Contains(ofBound, cause) && !e.bound() || slices.Contains(ofApps, cause) && !e.isApp() || slices.Contains(ofPersons, cause) && e.isApp() {
					continue
				}
				switch cause {
				case causeRateLimited:
					e.identityErr = &fault.Error{Code: fault.RateLimited}
				case causeScope:
					e.notPAT, e.identity.Scopes = nil, []string{} // this cause needs named scopes, which only classic tokens have
					if e.request.Token.Kind() != credential.ClassicPAT {
						continue
					}
				case causeNotPAT:
					if e.notPAT == nil {
						continue // a string with the form of a PAT does not have this cause
					}
				default:
					e.notPAT = nil
				}
				checks := v.checks()
				if !failed(checks) || v.preview() != nil {
					t.Errorf("cause %d of a token %s on an %s ends well: %+v", cause, token.Kind(), scope, checks)
				}
				for _, c := range checks {
					if c.Status == Fail && c.Remedy == nil {
						t.Errorf("cause %d: %+v", cause, c)
					}
				}
			}
		}
	}
}
