package verify

import "cloudmonitor.ai/copilot-connector/internal/fault"

// cause is why usage reports cannot be read. There is at most one, and it belongs to one check, which fails.
// Checks that cannot be judged because of it are skipped.
type cause int

const (
	causeNone          cause = iota // GitHub hands out reports, though perhaps none is ready
	causeNotPAT                     // token
	causeToken                      // token
	causeAppKey                     // token: of a GitHub App
	causeClock                      // token: ours
	causeCode                       // token: the code that shows who installs the stack's App
	causeAppSuspended               // token: the installation of a GitHub App
	causeSuspended                  // token: the person behind it
	causeUnreachable                // reach
	causeRateLimited                // reach
	causeRules                      // permission: the owners forbid this kind of token, or its lifetime
	causeKind                       // permission: no token of this kind reads such an account
	causeScope                      // permission: classic, and no scope that opens reports
	causePermission                 // permission: fine-grained, or GitHub says so
	causeWaiting                    // permission: no owner has accepted it yet
	causeSSO                        // sso
	causeNotInstalled               // account
	causeNotInstallers              // account: the installation is not the installer's
	causeNotOwner                   // account: the installer does not own it
	causeElsewhere                  // account: the installation is on another
	causeOtherScope                 // account
	causeNoAccount                  // account
	causeRenamed                    // account
	causeOtherAccount               // account: another account has the name now
	causeNoCopilot                  // account
	causeRole                       // account
	causeHidden                     // account: no Copilot, or no right to see it; GitHub does not say which
	causePolicy                     // policy
	causeAddress                    // usage: the account refuses calls from this program's address
	causeUnexplained                // usage
)

// accountsFault reports whether the cause lies with the account, so that another token would not help.
func (c cause) accountsFault() bool {
	return c == causePolicy || c == causeNoCopilot || c == causeAddress || c == causeRenamed
}

// saidCauses maps the codes of answers that name a cause by themselves, for any request. A test lists the others and why they name none.
//
//exhaustive:ignore
var saidCauses = map[fault.Code]cause{
	fault.TokenRefused:  causeToken,
	fault.Suspended:     causeSuspended,
	fault.KeyRefused:    causeAppKey,
	fault.ClockWrong:    causeClock,
	fault.CodeRefused:   causeCode,
	fault.NotInstallers: causeNotInstallers,
	fault.NotOwner:      causeNotOwner,
	fault.Elsewhere:     causeElsewhere,
	fault.AppSuspended:  causeAppSuspended,
	fault.NotInstalled:  causeNotInstalled,
	fault.Waiting:       causeWaiting,
	fault.RateLimited:   causeRateLimited,
	fault.Unreachable:   causeUnreachable,
	fault.NotGitHub:     causeUnreachable,
	fault.OutOfTime:     causeUnreachable,
	fault.SSORequired:   causeSSO,
	fault.PolicyOff:     causePolicy,
	fault.TokenRules:    causeRules,
	fault.TokenLifetime: causeRules,
	fault.IPRefused:     causeAddress,
	fault.Renamed:       causeRenamed,
}

// causeSaid returns the cause that an answer names by itself, or otherwise if it names none.
func causeSaid(err error, otherwise cause) cause {
	if cause, ok := saidCauses[fault.CodeOf(err)]; ok {
		return cause
	}
	return otherwise
}
