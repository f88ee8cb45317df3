package verify

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// judge turns evidence into the checks, in their order. A cause fails one check only, its own: what it keeps
// from being read is skipped.
func judge(e *evidence) []Check {
	checks := make([]Check, 0, len(titles))
	add := func(id CheckID, f finding) { checks = append(checks, f.check(id)) }

	add(CheckReach, e.judgeReach())
	add(CheckToken, e.judgeToken())
	add(CheckExpiry, e.judgeExpiry())
	if e.notPAT != nil || e.identityErr != nil {
		for _, id := range []CheckID{
			CheckPermission, CheckSSO, CheckAccount, CheckPolicy, CheckUsage, CheckUsers, CheckSeats, CheckBilling,
		} {
			add(id, skip("Not asked: the checks above come first.", ""))
		}
		return checks
	}
	add(CheckPermission, e.judgePermission())
	add(CheckSSO, e.judgeSSO())
	add(CheckAccount, e.judgeAccount())
	add(CheckPolicy, e.judgePolicy())
	add(CheckUsage, e.judgeUsage(failed(checks)))
	add(CheckUsers, e.judgeUsers())
	add(CheckSeats, e.judgeSeats())
	add(CheckBilling, e.judgeBilling())
	return checks
}

// unreachable says that GitHub gave no usable answer, rather than a refusal.
func unreachable(err error) bool {
	return connector.Is(err, connector.CodeUnreachable, connector.CodeOutOfTime, connector.CodeUnexpected)
}

func (e *evidence) judgeReach() finding {
	if e.notPAT != nil {
		return skip("Not asked: the string was not sent anywhere.", "")
	}
	if limited := e.rateLimited(); limited != nil {
		at := e.now.Add(limited.RetryAfter).UTC().Truncate(time.Minute).Add(time.Minute)
		return fail(
			fmt.Sprintf("GitHub answers that its rate limit is reached%s, so nothing more was asked.", said(limited)),
			fmt.Sprintf("Verify again after %s. Everything else that uses tokens of the same person shares this limit.",
				at.Format("15:04 UTC on 2 January")))
	}
	for _, err := range []error{e.identityErr, e.access} {
		if unreachable(err) {
			return fail(
				fmt.Sprintf("%s gave no usable answer%s.", e.apiName(), cause(err)),
				fmt.Sprintf("Verify again in a few minutes; https://www.githubstatus.com tells whether GitHub has trouble. "+
					"If it stays so, check the host %q and whether the network here lets connections out to it.", e.request.Account.Host))
		}
	}
	return pass(e.apiName() + " answers.")
}

func (e *evidence) apiName() string { return "api." + e.request.Account.Host }

// rateLimited returns the first answer that named a limit.
func (e *evidence) rateLimited() *connector.Error {
	errs := []error{e.identityErr, e.access, e.organizationErr, e.roleErr, e.planErr, e.seatsErr, e.creditsErr}
	for i := range e.days {
		errs = append(errs, e.days[i].usageErr, e.days[i].peopleErr)
	}
	for _, err := range errs {
		if connector.Is(err, connector.CodeRateLimited) {
			return asError(err)
		}
	}
	return nil
}

func (e *evidence) judgeToken() finding {
	if e.notPAT != nil {
		return fail("This is not a GitHub personal access token. "+asError(e.notPAT).Hint+" It was not sent anywhere.",
			e.newToken())
	}
	for _, err := range []error{e.identityErr, e.access} {
		if connector.Is(err, connector.CodeTokenRefused) {
			return fail(fmt.Sprintf("GitHub refuses the token%s. It is mistyped, was revoked, or has expired.", said(err)),
				e.newToken())
		}
	}
	switch {
	case refused(e.identityErr), connector.Is(e.identityErr, connector.CodeNotFound):
		return fail(fmt.Sprintf("GitHub does not let this token ask even who its owner is%s.", said(e.identityErr)), e.newToken())
	case e.identityErr != nil:
		return skip("Not judged: GitHub did not answer.", "")
	}
	kind := "classic"
	if e.fineGrained() {
		kind = "fine-grained"
	}
	return pass(fmt.Sprintf("It is a %s personal access token of @%s.", kind, e.identity.Login))
}

const (
	warnDaysLeft = 14 // reminders begin here
	maxDaysLeft  = 90 // longer lives are more time for a leaked token
)

func (e *evidence) judgeExpiry() finding {
	shorter := "Renew it at " + e.tokensPage() + " with an expiry of 90 days or less. A reminder comes 14 days before."
	at := e.identity.ExpiresAt
	switch {
	case at == nil && !e.identity.ExpiryUnreadable && (e.notPAT != nil || e.identityErr != nil):
		return skip("Not known: GitHub did not say.", "")
	case at == nil && e.identity.ExpiryUnreadable:
		return warn("GitHub names an expiry in a form that is not understood, so no reminder can be timed by it.",
			"Look the date up at "+e.tokensPage()+" and renew the token before it. Reminders will come 90 days after it was saved at the latest.")
	case at == nil:
		return warn("The token never expires. Whoever gets hold of it can use it for ever.", shorter)
	case !at.After(e.now):
		return fail("The token expired on "+date(*at)+".", e.newToken())
	}
	left := fmt.Sprintf("The token expires on %s, in %s.", date(*at), days(e.daysLeft()))
	switch {
	case e.daysLeft() <= warnDaysLeft:
		return warn(left, "Renew it now at "+e.tokensPage()+" and paste the new one; this one stops working on that day.")
	case e.daysLeft() > maxDaysLeft:
		return warn(left+" That is more than 90 days.", shorter)
	}
	return pass(left)
}

func (e *evidence) judgeSSO() finding {
	var demanded error
	for _, err := range []error{e.access, e.organizationErr, e.roleErr, e.planErr, e.seatsErr} {
		if connector.Is(err, connector.CodeSSORequired) {
			demanded = err
			break
		}
	}
	remedy := fmt.Sprintf("@%s opens %s, presses \"Configure SSO\" beside this token and authorises it for %s.",
		e.identity.Login, e.tokensPage(), e.account())
	if e.fineGrained() {
		remedy = "A fine-grained token is authorised when it is made: make a new one. " + e.newToken()
	}
	switch {
	case demanded == nil && e.fineGrained():
		return pass("A fine-grained token is authorised when it is made.")
	case demanded == nil:
		return pass("GitHub demands no further authorisation of this token.")
	case e.access == nil:
		return warn("Some of the organizations in "+e.account()+" demand SAML single sign-on, and the token is not authorised for them.", remedy)
	}
	return fail(fmt.Sprintf("%s demands SAML single sign-on, and the token is not authorised for it%s.", capital(e.account()), said(demanded)), remedy)
}

func (e *evidence) judgePolicy() finding {
	switch {
	case connector.Is(e.access, connector.CodePolicyOff):
		where := "An owner of the enterprise opens AI Controls → Copilot → Billing & usage and sets \"Copilot usage metrics\" to Enabled everywhere."
		if !e.onEnterprise() {
			where = fmt.Sprintf("An owner opens https://%s/organizations/%s/settings/copilot/policies and enables \"Copilot usage metrics\". "+
				"Where the organization belongs to an enterprise, an enterprise owner does it in the enterprise's AI Controls → Copilot → "+
				"Billing & usage, for \"Copilot usage metrics\": Enabled everywhere.", e.request.Account.Host, e.request.Account.Slug)
		}
		return fail(fmt.Sprintf("The policy \"Copilot usage metrics\" of %s is off%s.", e.account(), said(e.access)),
			where+" The older entry \"Copilot metrics API\" does not help. Reports begin on the day after.")
	case e.access == nil:
		return pass("GitHub hands usage reports out.")
	}
	return skip("Not judged: usage reports cannot be asked for yet.", "")
}

func asError(err error) *connector.Error {
	e, _ := errors.AsType[*connector.Error](err)
	return e
}

// said quotes what GitHub said, in brackets, for use within a sentence.
func said(err error) string {
	e := asError(err)
	switch {
	case e == nil || e.Err == nil || e.Err.Error() == "":
		return ""
	case e.Accepts != "":
		return fmt.Sprintf(" (GitHub says: %q, and would accept %s)", e.Err.Error(), e.Accepts)
	}
	return fmt.Sprintf(" (GitHub says: %q)", e.Err.Error())
}

// cause names why no answer came.
func cause(err error) string {
	if e := asError(err); e != nil && e.Err != nil {
		return ": " + strings.TrimSuffix(e.Err.Error(), ".")
	}
	return ""
}

func date(t time.Time) string { return t.UTC().Format("2 January 2006") }

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}
