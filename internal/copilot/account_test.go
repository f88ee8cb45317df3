package copilot_test

import (
	"regexp"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
)

// label has 63 letters, the most that one label of a host name may have.
var label = strings.Repeat("a", 63)

var refusedHosts = []string{
	"github.com.", "github.com:443", "github.com/", "github.com/octo", "https://github.com", "//github.com", "www.github.com", "api.github.com",
	"gist.github.com", "github.com@evil.com", "user:pass@github.com", "evil.com#github.com", "evil.com?github.com", "github.com#", "github.com%00",
	"github.com\n", "\ngithub.com", " github.com", "github.com ", "github.com\x00", "github.com\\evil.com", "githubxcom", "github.co", "xgithub.com",
	"ghe.com", ".ghe.com", "api.octo.ghe.com", "a.b.ghe.com", "octo.ghe.com.", "octo.ghe.com:8443", "octo.ghe.com/", "octo.ghe.com/api/v3",
	"octo.ghe.com.evil.com", "evil.com#.ghe.com", "evil.com/.ghe.com", "evil.com?.ghe.com", "evil.com\\.ghe.com", "user@octo.ghe.com", "octo%2eghe.com",
	"octo.ghe.com\n", "octo.ghe.com\r\nHost: evil.com", "-octo.ghe.com", "octo-.ghe.com", "oc_to.ghe.com", "octo..ghe.com", "octo.ghe。com", "octo．ghe.com",
	"octo.xghe.com", "octo.ghe.co", "octoxghe.com", label + "a.ghe.com", "127.0.0.1", "127.0.0.1.ghe.com", "169.254.169.254", "[::1]", "::1",
	"[::1].ghe.com", "2130706433", "0x7f000001", "localhost", "localhost:8080", "metadata.google.internal", "github.example.com",
	"%2e%2e.ghe.com", "../octo.ghe.com", "*.ghe.com", "octo.ghe.com\u200b",
	// Letters whose lower case is an ASCII letter: the dotted capital I and the Kelvin sign.
	"GİTHUB.com", "gİthub.com", "\u212Aoala.ghe.com", "İnc.ghe.com", "gıthub.com", "оcto.ghe.com", "ſ.ghe.com", "ｇithub.com",
	strings.Repeat("a.", 1000) + "ghe.com", strings.Repeat("a", 1<<20),
}

func TestHostsThatAreGitHubs(t *testing.T) {
	for given, want := range map[string]string{
		"": "github.com", "github.com": "github.com", "GitHub.COM": "github.com",
		"octo.ghe.com": "octo.ghe.com", "OCTO-Corp.GHE.com": "octo-corp.ghe.com", "a.ghe.com": "a.ghe.com", "7.ghe.com": "7.ghe.com",
		label + ".ghe.com": label + ".ghe.com",
	} {
		if got, err := copilot.ParseHost(given); got != want || err != nil {
			t.Errorf("ParseHost(%q) = %q, %v; want %q", given, got, err, want)
		}
	}
}

func TestHostsThatAreNotGitHubsAreRefused(t *testing.T) {
	for _, given := range refusedHosts {
		got, err := copilot.ParseHost(given)
		if err == nil || got != "" {
			t.Errorf("ParseHost(%.60q) = %q", given, got)
			continue
		}
		mustNotRepeat(t, err, copilot.ParseHost)
	}
}

var acceptable = regexp.MustCompile(`\A(github\.com|[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.ghe\.com)\z`)

func FuzzParseHost(f *testing.F) {
	for _, given := range append(refusedHosts, "", "github.com", "Octo.GHE.com") {
		f.Add(given)
	}
	f.Fuzz(func(t *testing.T, given string) {
		host, err := copilot.ParseHost(given)
		switch {
		case err != nil && host != "":
			t.Errorf("%q is refused, yet gives %q", given, host)
		case err != nil:
			return
		case !acceptable.MatchString(host):
			t.Errorf("%q is read as %q", given, host)
		case given != "" && !strings.EqualFold(given, host):
			t.Errorf("%q is read as another name, %q", given, host)
		case strings.ContainsFunc(given, func(r rune) bool { return r > '~' }):
			t.Errorf("%q is read as %q", given, host)
		}
		if again, err := copilot.ParseHost(host); again != host || err != nil {
			t.Errorf("%q is not read unchanged a second time: %q, %v", host, again, err)
		}
	})
}

func TestValidSlugs(t *testing.T) {
	for _, given := range []string{"octo", "o", "7", "Octo-Org", "octo--org", "octo-", "octo7", strings.Repeat("a", 100)} {
		if got, err := copilot.ParseSlug(given); got != given || err != nil {
			t.Errorf("ParseSlug(%q) = %q, %v", given, got, err)
		}
	}
}

func TestSlugsThatWouldChangeAnAddressAreRefused(t *testing.T) {
	for _, given := range []string{
		"", " ", "-octo", "octo/repos", "/octo", "octo/", "..", ".", "../admin", "octo/../admin", "octo.org", "octo%2f", "%2e%2e", "octo?day=1", "octo#", "octo&x",
		"octo\\admin", "octo\n", "\nocto", "octo\r\nX: y", " octo", "octo ", "oc to", "octo\x00", "octo_org", "ocтo", "ｏcto", "octo\u200b", "oc\u2010to", "octo\u212A",
		"\xff", "@octo", "octo:org", "octo;org", "https://github.com/octo", "ghp_0123456789", strings.Repeat("a", 101), strings.Repeat("a", 1<<20),
	} {
		got, err := copilot.ParseSlug(given)
		if err == nil || got != "" {
			t.Errorf("ParseSlug(%.60q) = %q", given, got)
			continue
		}
		mustNotRepeat(t, err, copilot.ParseSlug)
	}
}

func TestScopesNeedTheirExactNames(t *testing.T) {
	for given, want := range map[string]copilot.Scope{
		"organization": copilot.Organization, "enterprise": copilot.Enterprise,
		"": "", "Organization": "", "ENTERPRISE": "", "org": "", "organisation": "", "organization ": "", "enterprise\n": "", "organizatiоn": "", "user": "",
	} {
		got, err := copilot.ParseScope(given)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("ParseScope(%q) = %q, %v", given, got, err)
		}
		if err != nil {
			mustNotRepeat(t, err, copilot.ParseScope)
		}
	}
}

func TestAScopeReadsWellInASentence(t *testing.T) {
	if got := copilot.Enterprise.Article(); got != "an enterprise" {
		t.Errorf("Article gives %q", got)
	}
}

// mustNotRepeat checks that the error is the same for every input.
func mustNotRepeat[T any](t *testing.T, err error, parse func(string) (T, error)) {
	t.Helper()
	if _, reason := parse("!"); reason == nil || err.Error() != reason.Error() {
		t.Errorf("the reason depends on the input: %v", err)
	}
}
