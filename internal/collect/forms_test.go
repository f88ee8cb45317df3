//go:build !race

package collect_test

import (
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/lifecycle"
	"cloudmonitor.ai/copilot-connector/internal/testworld/assembled"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// form is one way in which GitHub, or a proxy in between, refuses every request about an account.
type form struct {
	name    string
	status  int
	body    string // GitHub's message, or a whole page
	headers []string
	raw     bool              // the body is sent as it is, not as a message in JSON
	want    map[string]toldAs // by kind of account and token; "" stands for all kinds that are not listed
	says    []string          // words of both the check and the poll's reason
	never   []string
	passes  bool // the trouble is transient: nobody has to act, and a poll explains it in other words
}

// toldAs is the check that must fail, and its code.
type toldAs struct {
	check verify.CheckID
	code  verify.Code
}

const (
	classicOrg        = "organization, classic"
	fineGrainedOrg    = "organization, fine-grained"
	classicEnterprise = "enterprise, classic"
	fineEnterprise    = "enterprise, fine-grained"

	anotherToken = "makes a new personal access token"
	htmlPage     = "<!DOCTYPE html><title>Blocked</title><p>Access denied by administrative rules"
)

// ofAccount holds the codes of faults of the account itself. These do not refuse a rotation.
var ofAccount = []verify.Code{"policy_off", "ip_allow_list", "renamed", "no_copilot"}

func all(check verify.CheckID, code verify.Code) map[string]toldAs {
	return map[string]toldAs{"": {check, code}}
}

// kindUnfit is the failing check when no token of this kind is accepted.
var kindUnfit = toldAs{verify.CheckPermission, verify.CodeKindUnfit}

func butUnfit(check verify.CheckID, code verify.Code) map[string]toldAs {
	return map[string]toldAs{"": {check, code}, fineEnterprise: kindUnfit}
}

var forms = []form{
	{
		name: "policy off", status: 403, body: "The 'Copilot usage metrics' policy must be enabled to use this API",
		want: butUnfit(verify.CheckPolicy, "policy_off"), says: []string{"Copilot usage metrics"}, never: []string{anotherToken},
	},
	{
		name: "a role", status: 403, body: "Insufficient permissions. This action requires admin, or relevant organization role access.",
		want: map[string]toldAs{
			classicOrg: {verify.CheckUsage, "refused"}, // GitHub says that the person is an owner
			"":         {verify.CheckAccount, "role_missing"}, fineEnterprise: kindUnfit,
		},
		says: []string{"Insufficient permissions."},
	},
	{
		name: "a permission", status: 403, body: "Resource not accessible by personal access token",
		want: butUnfit(verify.CheckPermission, "permission_missing"), says: []string{"Resource not accessible"}, never: []string{"unexplained"},
	},
	{
		name: "single sign-on", status: 403, body: "Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.",
		headers: []string{"X-GitHub-SSO", "required; url=https://github.com/orgs/x/sso?authorization_request=CANARYSSO"},
		want:    butUnfit(verify.CheckSSO, "sso_required"), says: []string{"single sign-on"}, never: []string{"CANARYSSO"},
	},
	{
		name: "single sign-on, hidden", status: 404, body: "Not Found",
		headers: []string{"X-GitHub-SSO", "required; url=https://github.com/orgs/x/sso?authorization_request=CANARYSSO"},
		want:    butUnfit(verify.CheckSSO, "sso_required"), says: []string{"single sign-on"}, never: []string{"CANARYSSO"},
	},
	{
		name: "classic tokens forbidden", status: 403, body: "`octo-demo` forbids access via a personal access token (classic). Please use a GitHub App, OAuth App, or a personal access token with fine-grained permissions.",
		want: butUnfit(verify.CheckPermission, "token_rules"), says: []string{"forbids this kind of token"},
	},
	{
		name: "a classic token lives too long", status: 403,
		body: "The 'octo-demo' organization forbids access via a personal access tokens (classic) if the token's lifetime is greater than 30 days. Please adjust your token's lifetime at the following URL: https://github.com/settings/tokens/1",
		want: butUnfit(verify.CheckPermission, "token_lifetime"), says: []string{"longer than 30 days", "at most 30 days"}, never: []string{"kind of token"},
	},
	{
		name: "a token lives too long for the enterprise", status: 403,
		body: "The 'Octo Holding Inc.' enterprise forbids access via a fine-grained personal access tokens if the token's lifetime is greater than 7 days. Please adjust your token's lifetime.",
		want: butUnfit(verify.CheckPermission, "token_lifetime"), says: []string{"Octo Holding Inc.", "at most 7 days", "owner"}, never: []string{"kind of token"},
	},
	{
		name: "an IP allow list", status: 403,
		body: "Although you appear to have the correct authorization credentials, the `octo-demo` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.",
		want: all(verify.CheckUsage, "ip_allow_list"), says: []string{"IP allow list", "Elastic IP", "No other token helps"}, never: []string{anotherToken},
	},
	{
		name: "a suspended person", status: 403, body: "Sorry. Your account was suspended.",
		want: all(verify.CheckToken, "person_suspended"), says: []string{"suspended", "somebody else"}, never: []string{"revoked"},
	},
	{
		name: "unexplained", status: 403, body: "Access to this resource is blocked.",
		want: butUnfit(verify.CheckUsage, "refused"), says: []string{"Access to this resource is blocked."}, never: []string{"IP allow", "role"},
	},
	{
		name: "bad credentials", status: 401, body: "Bad credentials",
		want: all(verify.CheckToken, "token_refused"), says: []string{"revoked", anotherToken},
	},
	{
		name: "not found", status: 404, body: "Not Found",
		want: map[string]toldAs{
			classicOrg: {verify.CheckAccount, "no_copilot"}, fineGrainedOrg: {verify.CheckPermission, "permission_unclear"},
			classicEnterprise: {verify.CheckAccount, "not_found"}, fineEnterprise: kindUnfit,
		},
		never: []string{"unexplained", "revoked"},
	},
	{
		name: "renamed", status: 301, body: "Moved Permanently", headers: []string{"Location", "/organizations/4711/copilot"},
		want: all(verify.CheckAccount, "renamed"), says: []string{"/organizations/4711"}, never: []string{anotherToken, "needs an update"},
	},
	{
		name: "moved for now", status: 302, body: "Found", headers: []string{"Location", "/organizations/4711/copilot"},
		want: butUnfit(verify.CheckUsage, "unexpected_answer"), never: []string{anotherToken, "another name", "4711"}, passes: true,
	},
	{name: "a page with 403", status: 403, body: htmlPage, want: all(verify.CheckReach, "not_github"), passes: true, never: []string{anotherToken, "rate limit"}},
	{
		name: "a page that asks to wait", status: 403, body: htmlPage, headers: []string{"Retry-After", "60"},
		want: all(verify.CheckReach, "not_github"), passes: true, never: []string{anotherToken, "rate limit"},
	},
	{name: "a page with 429", status: 429, body: htmlPage, want: all(verify.CheckReach, "not_github"), passes: true, never: []string{anotherToken, "rate limit"}},
	{name: "nothing with 403", status: 403, want: all(verify.CheckReach, "not_github"), passes: true, never: []string{anotherToken}},
	{name: "a page with 404", status: 404, body: htmlPage, want: all(verify.CheckReach, "not_github"), passes: true, never: []string{anotherToken}},
	{
		name: "a limit", status: 403, body: "You have exceeded a secondary rate limit.", headers: []string{"Retry-After", "60"},
		want: all(verify.CheckReach, "rate_limited"), passes: true, never: []string{anotherToken, "proxy"},
	},
}

func (f form) answer(rw http.ResponseWriter) {
	for i := 0; i < len(f.headers); i += 2 {
		rw.Header().Set(f.headers[i], f.headers[i+1])
	}
	if f.raw || f.body == htmlPage || f.body == "" {
		rw.WriteHeader(f.status)
		_, _ = rw.Write([]byte(f.body))
		return
	}
	says(f.status, f.body)(rw, nil)
}

func (f form) of(kind string) toldAs {
	if want, ok := f.want[kind]; ok {
		return want
	}
	return f.want[""]
}

// must checks that words contain each of says and none of f.never.
func (f form) must(t *testing.T, where, words string, says []string) {
	t.Helper()
	for _, want := range says {
		if !strings.Contains(words, want) {
			t.Errorf("%s: %s: %q does not say %q", f.name, where, words, want)
		}
	}
	for _, never := range f.never {
		if strings.Contains(words, never) {
			t.Errorf("%s: %s: %q must not say %q", f.name, where, words, never)
		}
	}
}

// mustFail checks that exactly one check fails, the one that f.want names, and returns its text.
func (f form) mustFail(t *testing.T, kind, where string, result verify.Result) {
	t.Helper()
	var failing []verify.Check
	for _, check := range result.Checks {
		if check.Status == verify.Fail {
			failing = append(failing, check)
		}
	}
	want := f.of(kind)
	if len(failing) != 1 || failing[0].ID != want.check || failing[0].Code != want.code || failing[0].Remedy == nil {
		t.Errorf("%s: %s: got %+v, want %+v", f.name, where, failing, want)
		return
	}
	says := f.says
	if want == kindUnfit {
		says = []string{"no fine-grained token", anotherToken}
		f.never = nil
	}
	f.must(t, where, failing[0].Title+" "+failing[0].Detail+" "+*failing[0].Remedy, says)
}

// Verify, Save, a rotation and the next poll name the same cause for each way in which GitHub refuses.
func TestEachFormOfARefusalIsReportedEverywhereByItsCause(t *testing.T) {
	t.Parallel()
	const fine = "github_pat_CanarySingsInTheCoalMine_0123456789"
	permissions := []string{githubsim.PermissionCopilotMetrics, githubsim.PermissionCopilotSeats}
	for kind, token := range map[string]githubsim.Token{
		classicOrg:        {Value: secret, Scopes: []string{"read:org"}},
		fineGrainedOrg:    {Value: fine, Permissions: permissions},
		classicEnterprise: {Value: secret, Scopes: []string{"read:enterprise"}},
		fineEnterprise:    {Value: fine, Permissions: permissions},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			account, scope := octoDemo(), copilot.Organization
			if strings.HasPrefix(kind, "enterprise") {
				account.Kind, scope = githubsim.Enterprise, copilot.Enterprise
			}
			token.Login, token.ExpiresAt = "octo-owner", begins.AddDate(0, 0, 80)
			account.Tokens, account.Seats, account.FirstDay = []githubsim.Token{token}, 3, "2026-11-01"
			w := create(t, account)
			life := w.life()
			request := assembled.Request(scope, slug, credential.NewToken(token.Value))
			if kind != fineEnterprise {
				w.ref = w.Save(t, request).Ref
				w.finish()
			}
			request.Tenant = "other"
			about := regexp.MustCompile("^/(orgs|organizations|enterprises)/" + slug + "/")
			for i, f := range forms {
				w.gitHub.Intercept(func(rw http.ResponseWriter, r *http.Request) bool {
					if about.MatchString(r.URL.Path) {
						f.answer(rw)
						return true
					}
					return false
				})
				f.mustFail(t, kind, "Verify", w.collector.Verifier.Verify(t.Context(), request.Request))
				_, err := life.Save(t.Context(), request)
				f.mustRefuse(t, kind, "Save", err)
				if w.ref.ID == "" {
					continue
				}
				if _, err := life.Rotate(t.Context(), w.ref, request.Token, "somebody"); !slices.Contains(ofAccount, f.of(kind).code) {
					f.mustRefuse(t, kind, "Rotate", err)
				} else if err != nil {
					t.Errorf("%s: the account's fault refuses a rotation: %v", f.name, err)
				}
				w.queued()
				w.told()
				w.pollAt(morning(2*i + 1))
				f.mustTell(t, w)
				w.gitHub.Intercept(nil)
				w.queued()
				w.pollAt(morning(2*i + 2))
				if c := w.connector(); c.Status != connector.StatusActive {
					t.Fatalf("%s: the next poll does not mend it: %s", f.name, c.StatusReason)
				}
			}
		})
	}
}

func (f form) mustRefuse(t *testing.T, kind, where string, err error) {
	t.Helper()
	refused, isRefused := errors.AsType[*lifecycle.Refused](err)
	_, isUnasked := errors.AsType[*lifecycle.Unasked](err)
	switch {
	case isRefused:
		f.mustFail(t, kind, where, refused.Result)
	case !isUnasked || f.of(kind).check != verify.CheckReach:
		t.Errorf("%s: %s ends with %v", f.name, where, err)
	}
}

// mustTell checks how a poll of a running connector reports the refusal.
func (f form) mustTell(t *testing.T, w *world) {
	t.Helper()
	c, told := w.connector(), w.told()
	if f.passes {
		if len(told) > 0 || c.Capabilities.Usage != "ok" {
			t.Errorf("%s: a poll tells %v, capabilities are %+v", f.name, told, c.Capabilities)
		}
		f.must(t, "poll", c.StatusReason, nil)
		return
	}
	if !slices.Equal(told, []connector.NoticeKind{connector.NoticeStopped}) {
		t.Errorf("%s: a poll tells %v: %s", f.name, told, c.StatusReason)
	}
	f.must(t, "poll", c.StatusReason, f.says)
}

// Refusals of other data than usage, and days that cannot be read whole, are also reported by their cause.
func TestEachFormOfAPartialRefusalIsReportedByItsCause(t *testing.T) {
	t.Parallel()
	account := octoDemo()
	account.Tokens[0].Scopes, account.Seats, account.FirstDay = []string{"read:org", "manage_billing:copilot"}, 3, "2026-11-01"
	w := settled(t, account)
	unknownHost := form{name: "a link to an unknown host", status: 200, body: `{"download_links":["https://reports.octo.example/x?sig=CANARYSIG"]}`, raw: true}
	forms := append(slices.Clone(forms), unknownHost)
	for i, test := range []struct {
		part         string
		form         string
		says, never  []string
		told         []connector.NoticeKind
		remedy, lost string
	}{
		{
			"/billing/seats", "an IP allow list",
			[]string{"refuses to show the seats", "Elastic IP", "Usage is not affected"},
			[]string{anotherToken},
			[]connector.NoticeKind{connector.NoticeLost},
			"IP allow list", "seats",
		},
		{
			"/settings/billing/", "unexplained",
			[]string{"refuses to show the billed AI credits", "unexplained"},
			[]string{anotherToken},
			[]connector.NoticeKind{connector.NoticeLost},
			"unexplained", "billing",
		},
		{
			"/billing/seats", "a permission",
			[]string{"may not read the seats any more", anotherToken},
			[]string{"unexplained"},
			[]connector.NoticeKind{connector.NoticeLost},
			"", "seats",
		},
		{"/users-1-day", "unexplained", []string{"refuses to show the per-user reports", "unexplained"}, []string{anotherToken}, []connector.NoticeKind{connector.NoticeLost}, "unexplained", "users"},
		{"/billing/seats", "a page with 403", []string{"The seats could not be read", "not GitHub's"}, []string{anotherToken}, nil, "", ""},
		{"/settings/billing/", "a page with 403", []string{"The billed AI credits could not be read", "not GitHub's"}, []string{anotherToken}, nil, "", ""},
		{"/users-1-day", "a page with 403", []string{"not GitHub's", "proxy or filter"}, []string{anotherToken, "GitHub Support"}, nil, "", ""},
		{"-1-day", unknownHost.name, []string{"host that is not known", "Update the connector"}, []string{anotherToken, "GitHub Support", "CANARYSIG"}, nil, "", ""},
	} {
		at := slices.IndexFunc(forms, func(f form) bool { return f.name == test.form })
		w.gitHub.Intercept(func(rw http.ResponseWriter, r *http.Request) bool {
			if !strings.Contains(r.URL.Path, test.part) {
				return false
			}
			forms[at].answer(rw)
			return true
		})
		w.queued()
		w.told()
		w.pollAt(morning(2*i + 1))
		form{name: test.form + " for " + test.part, never: test.never}.must(t, "poll", w.connector().StatusReason, test.says)
		w.notices.mu.Lock()
		mails := slices.Clone(w.notices.sent)
		w.notices.mu.Unlock()
		if told := w.told(); !slices.Equal(told, test.told) {
			t.Errorf("%s for %s: told %v", test.form, test.part, told)
		}
		for _, mail := range mails {
			if string(mail.Lost) != test.lost || !strings.Contains(mail.Remedy, test.remedy) || (test.remedy == "") != (mail.Remedy == "") {
				t.Errorf("%s for %s: mail %+v", test.form, test.part, mail)
			}
		}
		w.gitHub.Intercept(nil)
		w.queued()
		w.pollAt(morning(2*i + 2))
	}
}

// GitHub may refuse the first call (whose token is this?) without a reason. The remedy must not ask for another token then.
func TestAnUnexplainedRefusalOfTheFirstCallDoesNotAskForAToken(t *testing.T) {
	t.Parallel()
	w := settled(t)
	life := w.life()
	f := form{name: "the first call", want: all(verify.CheckUsage, "refused"), says: []string{`"Not today."`, "unexplained"}, never: []string{anotherToken, "revoked"}}
	w.gitHub.Intercept(failing("/user?", 999, says(http.StatusForbidden, "Not today.")))
	request := assembled.Request(copilot.Organization, slug, credential.NewToken(secret))
	request.Tenant = "other"
	_, err := life.Save(t.Context(), request)
	f.mustRefuse(t, classicOrg, "Save", err)
	_, err = life.Rotate(t.Context(), w.ref, request.Token, "somebody")
	f.mustRefuse(t, classicOrg, "Rotate", err)
	w.told()
	w.pollAt(morning(1))
	f.mustTell(t, w)
	w.gitHub.Intercept(nil)
	w.pollAt(morning(2))
	w.mustBe(connector.StatusActive)
}
