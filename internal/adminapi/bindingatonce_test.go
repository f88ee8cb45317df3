package adminapi_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

// The installations of the stack's App in these tests.
const (
	acmeInstallation       = 101 // on the organization Acme-Org, which olga owns
	enterpriseInstallation = 102 // on the enterprise acme-ent, which olga owns
	evesInstallation       = 103 // on the organization acme-ent, which eve owns
	othersInstallation     = 104 // on the organization other-org, which yara owns
	suspendedInstallation  = 105
	blindInstallation      = 106 // without the permission to see members
	foreignInstallation    = 201 // of another App, on Acme-Org
)

// bindable returns accounts of several people. The stack's App and another App are installed on them.
func bindable() []githubsim.Account {
	stack := githubsim.CastStackApp().Asking(map[string]string{"members": "read", "organization_copilot_metrics": "read"})
	other := stack
	other.ID, other.ClientID, other.Slug, other.ClientSecret = 2, "Iv23liAnotherApp", "another", "another-secret"
	reads := map[string]string{"metadata": "read", "members": "read", "organization_copilot_metrics": "read", "organization_copilot_seat_management": "read"}
	blind := map[string]string{"metadata": "read", "organization_copilot_metrics": "read"}
	on := func(kind githubsim.Kind, slug string, id int64, people ...githubsim.Person) githubsim.Account {
		a := githubsim.Account{Kind: kind, Slug: slug, Plan: githubsim.PlanBusiness, Seats: 3, FirstDay: "2026-11-10", People: people}
		a.Installations = []githubsim.Installation{{ID: id, App: stack.ID, Permissions: reads}}
		if kind == githubsim.Enterprise {
			a.Installations[0].Permissions = map[string]string{"enterprise_copilot_metrics": "read"}
		}
		return a
	}
	olga, mark := githubsim.Person{Login: "olga"}, githubsim.Person{Login: "mark", Role: githubsim.RoleMember}
	acme := on(githubsim.Organization, "Acme-Org", acmeInstallation, olga, mark, githubsim.Person{Login: "pia", Pending: true})
	acme.Apps = []githubsim.App{stack, other}
	acme.Installations = append(acme.Installations, githubsim.Installation{ID: foreignInstallation, App: other.ID, Permissions: reads})
	suspended := on(githubsim.Organization, "suspended-org", suspendedInstallation, olga)
	suspended.Installations[0].Suspended = noon
	unseen := on(githubsim.Organization, "blind-org", blindInstallation, olga)
	unseen.Installations[0].Permissions = blind
	return []githubsim.Account{
		acme, suspended, unseen,
		on(githubsim.Enterprise, "acme-ent", enterpriseInstallation, olga, mark),
		on(githubsim.Organization, "acme-ent", evesInstallation, githubsim.Person{Login: "eve"}, mark),
		on(githubsim.Organization, "other-org", othersInstallation, githubsim.Person{Login: "yara"}, mark),
	}
}

// installationForm returns the form with an installation. rest has further fields.
func installationForm(id any, code, rest string) string {
	return fmt.Sprintf(`{"installation":{"installationId":%v,"code":%q}%s}`, id, code, rest)
}

func named(scope, slug string) string { return fmt.Sprintf(`,"scope":%q,"slug":%q`, scope, slug) }

func binding(t *testing.T) *app {
	t.Helper()
	a := prepare(t, bindable()...)
	a.withStackApp()
	a.lifecycle.Queue = idle{}
	a.serve()
	return a
}

// code makes a person install the stack's App, and returns their code.
func (a *app) code(login string) string {
	return a.github.Authorize(githubsim.CastStackApp().ClientID, login)
}

// Several tenants send the same code at once. It opens the account for one of them at most.
func TestOneCodeBindsForOneTenantOnly(t *testing.T) {
	t.Parallel()
	a := binding(t)
	code := a.code("olga")
	const tenants = 6
	statuses := make([]int, tenants)
	var all sync.WaitGroup
	for i := range tenants {
		all.Go(func() {
			statuses[i] = a.send(http.MethodPost, fmt.Sprintf("/v1/tenants/racer-%d/connectors", i), installationForm(acmeInstallation, code, "")).status
		})
	}
	all.Wait()
	bound := 0
	for _, status := range statuses {
		switch status {
		case http.StatusCreated:
			bound++
		case http.StatusUnprocessableEntity:
		default:
			t.Errorf("a tenant got %d", status)
		}
	}
	if bound != 1 {
		t.Errorf("%d tenants are bound: %v", bound, statuses)
	}
}
