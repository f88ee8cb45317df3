package githubsim

import "crypto/rsa"

// AppScenario is one account of the Cast to try with a GitHub App.
type AppScenario struct {
	Name                 string
	Scope, Slug, Host    string // what an administrator types beside the App
	ClientID, PrivateKey string
	Shows                string // what Verify tells about it, in one sentence
}

// AppScenarios returns the scenarios with a GitHub App, the healthy ones first.
func AppScenarios() []AppScenario {
	app := func(name string, scope Kind, slug, clientID, key, shows string) AppScenario {
		return AppScenario{name, string(scope), slug, "github.com", clientID, key, shows}
	}
	return []AppScenario{
		app("GitHub App", Organization, appOrg, appClientID, castAppKey, "Every check passes, with no token of anybody's."),
		app("GitHub App on an enterprise", Enterprise, appEnterprise, appClientID, castAppKey, "Usage and seats are read; the bill is not, for the App asks for no billing."),
		app("GitHub App not installed", Organization, appNotInstalled, appClientID, castAppKey, "The App is not installed on the organization."),
		app("GitHub App suspended", Organization, appSuspended, appClientID, castAppKey, "An owner has suspended the installation."),
		app("GitHub App waiting for an owner", Organization, appWaiting, appClientID, castAppKey, "The App asks for the reports, and no owner has accepted that yet."),
		app("GitHub App without the permission", Organization, appMissing, narrowClientID, castAppKey, "The App does not ask for the reports."),
		app("GitHub App that can do too much", Organization, appSurplus, broadClientID, castAppKey, "Everything can be read, with a warning that names what is not needed."),
		app("GitHub App with another key", Organization, appOrg, appClientID, strangeKey, "The key is none of the App's."),
		app("GitHub App that was deleted", Organization, appOrg, goneClientID, castAppKey, "There is no App with this client id."),
		app("GitHub App on an enterprise asked as organization", Organization, appEnterprise, appClientID, castAppKey, "The name is an enterprise's; the App is asked for no organization of that name."),
	}
}

// StackApp is the App that belongs to a deployment on the simulated GitHub.
type StackApp struct{ ClientID, Slug, PrivateKey, ClientSecret string }

// CastStackApp returns the App of the cast that stands for CloudMonitor's own.
func CastStackApp() StackApp {
	return StackApp{ClientID: stackClientID, Slug: stackApp, PrivateKey: castAppKey, ClientSecret: stackClientSecret}
}

// Asking returns the App for an account outside the cast to register. It asks for the permissions.
func (a StackApp) Asking(permissions map[string]string) App {
	return App{
		ID: 710010, ClientID: a.ClientID, Slug: a.Slug, ClientSecret: a.ClientSecret, Keys: []*rsa.PublicKey{publicKey(a.PrivateKey)}, Permissions: permissions,
	}
}

// Connectable is an installation of that App on an account of the cast, with people who can or cannot prove that it is theirs.
type Connectable struct {
	Name           string
	Scope, Slug    string
	InstallationID int64
	Owner, Member  string // logins: an owner can prove it, a member cannot
	Shows          string // what Verify tells about it, in one sentence
}

// Connectables returns the installations of the cast's App, the healthy ones first.
func Connectables() []Connectable {
	on := func(name string, scope Kind, slug string, id int64, shows string) Connectable {
		return Connectable{name, string(scope), slug, id, connectOwner, connectMember, shows}
	}
	return []Connectable{
		on("CloudMonitor's App", Organization, connectOrg, 51000010, "Every check passes, and the connector holds no secret."),
		on("CloudMonitor's App on an enterprise", Enterprise, connectEnterprise, 51000011, "Usage and seats are read; the bill is not, for the App asks for no billing."),
		on("CloudMonitor's App suspended", Organization, connectSuspended, 51000012, "An owner has suspended the installation."),
		on("CloudMonitor's App waiting for an owner", Organization, connectWaiting, 51000013, "The App asks for the reports, and no owner has accepted that yet."),
	}
}
