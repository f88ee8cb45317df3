package githubsim

import (
	"crypto/rsa"
	"crypto/x509"
	_ "embed"
	"encoding/pem"
	"time"
)

// The private keys of the cast's Apps open nothing but this simulation. They are fixed, so that a restarted local run still knows
// them.
var (
	//go:embed keys/app.pem
	castAppKey string
	//go:embed keys/other.pem
	strangeKey string // of no App
)

const (
	appClientID    = "Iv23liOctoMonitor0001"
	narrowClientID = "Iv23liOctoMonitor0002"
	broadClientID  = "Iv23liOctoMonitor0003"
	goneClientID   = "Iv23liOctoMonitor0099" // of an App that was deleted

	appOrg          = "octo-app"
	appEnterprise   = "octo-app-inc"
	appNotInstalled = "octo-app-not-installed"
	appSuspended    = "octo-app-suspended"
	appWaiting      = "octo-app-waiting"
	appMissing      = "octo-app-missing"
	appSurplus      = "octo-app-surplus"

	stackApp          = "cloudmonitor-copilot"
	stackClientID     = "Iv23liCloudMonitor01"
	stackClientSecret = "simulated0client0secret0of0cloudmonitor0"
	connectOrg        = "octo-connect"
	connectEnterprise = "octo-connect-inc"
	connectSuspended  = "octo-connect-suspended"
	connectWaiting    = "octo-connect-waiting"
	connectOwner      = "octo-owner"
	connectMember     = "octo-member"
)

// appAccounts returns the accounts of the cast that are read with a GitHub App. The first account has registered all the Apps. It
// can also be read with the token.
func appAccounts(now time.Time, token Token) []Account {
	const metrics, enterpriseMetrics = PermissionCopilotMetrics, "enterprise_copilot_metrics"
	read := func(names ...string) map[string]string {
		permissions := map[string]string{"metadata": "read"}
		for _, name := range names {
			permissions[name] = "read"
		}
		return permissions
	}
	app := func(id int64, clientID, slug string, permissions map[string]string) App {
		return App{ID: id, ClientID: clientID, Slug: slug, Keys: []*rsa.PublicKey{publicKey(castAppKey)}, Permissions: permissions}
	}
	on := func(kind Kind, slug string, installations ...Installation) Account {
		return Account{Kind: kind, Slug: slug, Plan: PlanBusiness, Seats: 24, Installations: installations}
	}
	organizationReads := read(metrics, PermissionCopilotSeats, PermissionAdministration)
	enterpriseReads := read(enterpriseMetrics, "enterprise_copilot_seat_management")
	asked := read(metrics, PermissionCopilotSeats, PermissionAdministration, enterpriseMetrics, "enterprise_copilot_seat_management")
	broad := read(metrics, PermissionCopilotSeats, PermissionAdministration, "enterprise_copilot_usage")
	broad["contents"] = "write"
	owner := on(Organization, appOrg, Installation{ID: 51000001, App: 710001, Permissions: organizationReads})
	owner.Tokens = []Token{token}
	members := func(account Account) Account {
		account.People = []Person{{Login: connectOwner}, {Login: connectMember, Role: RoleMember}}
		return account
	}
	stack := app(710010, stackClientID, stackApp, read(metrics, PermissionCopilotSeats, PermissionAdministration, PermissionMembers, enterpriseMetrics, "enterprise_copilot_seat_management"))
	stack.ClientSecret = stackClientSecret
	connectReads := read(metrics, PermissionCopilotSeats, PermissionAdministration, PermissionMembers)
	owner.Apps = []App{
		stack,
		app(710001, appClientID, "octo-copilot-reader", asked),
		app(710002, narrowClientID, "octo-seat-reader", read(PermissionCopilotSeats)),
		app(710003, broadClientID, "octo-broad-app", broad),
	}
	return []Account{
		owner,
		on(Enterprise, appEnterprise, Installation{ID: 51000002, App: 710001, Permissions: enterpriseReads}),
		on(Organization, appNotInstalled),
		on(Organization, appSuspended, Installation{ID: 51000003, App: 710001, Permissions: organizationReads, Suspended: now.UTC().Truncate(time.Second)}),
		on(Organization, appWaiting, Installation{ID: 51000004, App: 710001, Permissions: read(PermissionCopilotSeats)}),
		on(Organization, appMissing, Installation{ID: 51000005, App: 710002, Permissions: read(PermissionCopilotSeats)}),
		on(Organization, appSurplus, Installation{ID: 51000006, App: 710003, Permissions: broad}),

		members(on(Organization, connectOrg, Installation{ID: 51000010, App: 710010, Permissions: connectReads})),
		members(on(Enterprise, connectEnterprise, Installation{ID: 51000011, App: 710010, Permissions: enterpriseReads})),
		members(on(Organization, connectSuspended, Installation{ID: 51000012, App: 710010, Permissions: connectReads, Suspended: now.UTC().Truncate(time.Second)})),
		members(on(Organization, connectWaiting, Installation{ID: 51000013, App: 710010, Permissions: read(PermissionCopilotSeats, PermissionMembers)})),
	}
}

func publicKey(private string) *rsa.PublicKey {
	block, _ := pem.Decode([]byte(private))
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		panic("githubsim: the cast's key cannot be read")
	}
	return &key.PublicKey
}
