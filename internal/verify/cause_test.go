package verify

import (
	"errors"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// Whatever keeps usage from being read, Verify must not end well: no preview, and a check that fails with a remedy.
func TestEveryCauseFailsACheck(t *testing.T) {
	for cause := causeNotPAT; cause <= causeUnexplained; cause++ {
		for _, scope := range []connector.Scope{connector.Organization, connector.Enterprise} {
			for _, token := range []string{"ghp_x", "github_pat_x", "sk-x"} {
				e := newEvidence(Request{
					Account: connector.Account{Host: connector.GitHubCom, Scope: scope, Slug: "octo"}, Token: connector.NewToken(token),
				}, time.Now())
				v := &verdict{evidence: e, cause: cause, shown: &connector.Error{Code: connector.CodeRefused, Err: errors.New("no")}}
				switch cause {
				case causeRateLimited:
					e.identityErr = &connector.Error{Code: connector.CodeRateLimited}
				case causeScope:
					e.notPAT, e.identity.Scopes = nil, []string{} // diagnosed of named scopes only
				case causeNotPAT:
					if e.notPAT == nil {
						continue // a string that can be a PAT has no such cause
					}
				default:
					e.notPAT = nil
				}
				checks := v.checks()
				if !failed(checks) || v.preview() != nil {
					t.Errorf("cause %d of a token %.4s on an %s ends well: %+v", cause, token, scope, checks)
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
