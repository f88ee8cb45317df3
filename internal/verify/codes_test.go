package verify

import (
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// withoutCause has the codes that name no cause by themselves, and why. A new code must be here or in saidCauses.
var withoutCause = map[string][]fault.Code{
	"diagnose judges it before anything is sent":      {fault.NotPAT},
	"what else GitHub shows decides what it means":    {fault.Permission, fault.NotPrivileged, fault.NotFound},
	"GitHub does not say why":                         {fault.Refused},
	"the answer means that the token may read":        {fault.NoReport, fault.LinkAbsent},
	"usage can be read all the same":                  {fault.SSOPartial, fault.Payment},
	"it is about one report, and others may be read":  {fault.ReportHost, fault.ReportCut, fault.ReportChanged, fault.ReportBroken, fault.LinkRefused, fault.LinkUnknown, fault.TooMany},
	"otherAccount compares all answers":               {fault.OtherAccount},
	"only a poll has it":                              {fault.NoToken, fault.Unconfirmed},
	"nobody knows what it means":                      {fault.Unexpected},
	"it is our own, and tells nothing of the account": {fault.Internal, fault.Store, fault.Vault, fault.Queue, fault.Mail, fault.Conflict, fault.TooFarOff},
}

func TestEachCodeNamesItsCauseOrIsKnownToNameNone(t *testing.T) {
	t.Parallel()
	reasons := listed(t, withoutCause)
	for _, code := range fault.Codes() {
		_, names := saidCauses[code]
		if _, excused := reasons[code]; names == excused {
			t.Errorf("%s: in saidCauses %t, in withoutCause %t", code, names, excused)
		}
	}
}

// withoutRemedy has the codes for which remedyFor knows nothing better than to ask an owner or support, and why.
var withoutRemedy = map[string][]fault.Code{
	"GitHub does not say why": {fault.Refused},
	"it is our own":           {fault.Internal, fault.Store, fault.Vault, fault.Queue, fault.Mail, fault.Conflict, fault.TooFarOff, fault.Unconfirmed, fault.NoToken},
	"it ends Verify before anything is read, and another check says what to do": {
		fault.NotPAT, fault.ClockWrong, fault.CodeRefused, fault.NotInstallers, fault.NotOwner, fault.Elsewhere, fault.Renamed,
	},
	"another check says what to do":                 {fault.SSOPartial, fault.Payment},
	"it is no trouble: there is nothing to be read": {fault.NotFound, fault.NoReport, fault.LinkAbsent},
}

func TestEachCodeHasARemedyOrIsKnownToHaveNone(t *testing.T) {
	t.Parallel()
	reasons := listed(t, withoutRemedy)
	for _, token := range []string{"ghp_x", "github_pat_x", "github_app:Iv1:"} {
		e := newEvidence(Request{Account: copilot.Account{Host: copilot.GitHubCom, Scope: copilot.Organization, Slug: "octo"}, Token: credential.Stored(token)}, time.Now())
		v := &verdict{evidence: e}
		for _, code := range fault.Codes() {
			remedy := v.remedyFor(&fault.Error{Code: code}, access.Usage).Words
			general := remedy == v.askOwner().Words || remedy == again+"If nothing changes, tell CloudMonitor's support."
			if _, excused := reasons[code]; general != excused {
				t.Errorf("%s of a token %s, in withoutRemedy %t: %s", code, token, excused, remedy)
			}
			if strings.TrimSpace(remedy) == "" {
				t.Errorf("%s has no remedy", code)
			}
		}
	}
}

// listed returns the reason of each code. A code must be in the list once.
func listed(t *testing.T, list map[string][]fault.Code) map[fault.Code]string {
	t.Helper()
	reasons := map[fault.Code]string{}
	for reason, codes := range list {
		for _, code := range codes {
			if first, twice := reasons[code]; twice {
				t.Errorf("%s: %s, and %s", code, first, reason)
			}
			reasons[code] = reason
		}
	}
	return reasons
}
