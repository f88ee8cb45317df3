package copilot_test

import (
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
)

func TestASlugMayBePastedAsAnAddress(t *testing.T) {
	t.Parallel()
	const com, organization, enterprise = copilot.GitHubCom, copilot.Organization, copilot.Enterprise
	for given, want := range map[string]copilot.Account{
		"octo":                      {Slug: "octo"},
		"  octo\t":                  {Slug: "octo"},
		"\u00a0octo ":               {Slug: "octo"},
		"https://github.com/my-org": {Host: com, Slug: "my-org"},
		"http://github.com/my-org/": {Host: com, Slug: "my-org"},
		"HTTPS://GitHub.com/My-Org": {Host: com, Slug: "My-Org"},
		" github.com/my-org ":       {Host: com, Slug: "my-org"},
		"www.github.com/my-org":     {Host: com, Slug: "my-org"},
		"https://github.com/my-org?tab=repositories":                {Host: com, Slug: "my-org"},
		"https://github.com/my-org#top":                             {Host: com, Slug: "my-org"},
		"https://github.com/orgs/my-org":                            {Host: com, Scope: organization, Slug: "my-org"},
		"https://github.com/orgs/my-org/people?q=x/y":               {Host: com, Scope: organization, Slug: "my-org"},
		"github.com/organizations/my-org/settings/copilot/policies": {Host: com, Scope: organization, Slug: "my-org"},
		"github.com/enterprises/my-ent":                             {Host: com, Scope: enterprise, Slug: "my-ent"},
		"https://github.com/enterprises/my-ent/people":              {Host: com, Scope: enterprise, Slug: "my-ent"},
		"https://octo.ghe.com/enterprises/octo":                     {Host: "octo.ghe.com", Scope: enterprise, Slug: "octo"},
		"OCTO.ghe.com/my-org":                                       {Host: "octo.ghe.com", Slug: "my-org"},
		"https://github.com/12345":                                  {Host: com, Slug: "12345"},
	} {
		if got, err := copilot.ParseName(given); got != want || err != nil {
			t.Errorf("ParseName(%q) = %+v, %v; want %+v", given, got, err, want)
		}
	}
}

func TestTextsThatNameNoAccountAreRefused(t *testing.T) {
	t.Parallel()
	addresses := []string{
		"https://github.com/my-org/repository", "https://github.com/", "github.com/enterprises", "github.com/enterprises/", "github.com/orgs/?x",
		"https://github.com/../my-org", "https://github.com//my-org", "https://github.com/orgs//my-org", "https://github.com/my%2Dorg",
		"https://github.com/ghp_0123456789", "https://github.com/@my-org",
	}
	others := []string{
		"", " ", "octo\n", "\noct", "octo/", "oc to", "github.com", "https://github.com", "https://gitlab.com/my-org", "github.com.evil.com/my-org",
		"ftp://github.com/my-org", "//github.com/my-org", "https:/github.com/my-org", "https://user:ghp_0123@github.com/my-org",
		"https://github.com:8443/my-org", "https://api.github.com/orgs/my-org", "javascript://github.com/my-org", "octo\u200b", "\xff",
	}
	for _, given := range append(addresses, others...) {
		got, err := copilot.ParseName(given)
		if err == nil || got != (copilot.Account{}) {
			t.Errorf("ParseName(%q) = %+v, %v", given, got, err)
			continue
		}
	}
	for _, given := range others {
		_, err := copilot.ParseName(given)
		mustNotRepeat(t, err, copilot.ParseName)
	}
}

func FuzzParseName(f *testing.F) {
	for _, given := range []string{"octo", " https://github.com/orgs/octo/x", "octo.ghe.com/enterprises/octo", "github.com/octo?x#y"} {
		f.Add(given)
	}
	f.Fuzz(func(t *testing.T, given string) {
		account, err := copilot.ParseName(given)
		if err != nil {
			return
		}
		if slug, err := copilot.ParseSlug(account.Slug); err != nil || slug != account.Slug {
			t.Errorf("%q gives the name %q", given, account.Slug)
		}
		if host, err := copilot.ParseHost(account.Host); account.Host != "" && (err != nil || host != account.Host) {
			t.Errorf("%q gives the host %q", given, account.Host)
		}
	})
}
