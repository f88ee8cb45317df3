package verify

// checks returns the outcome of every check, in the order in which they are shown.
func (v *verdict) checks() []Check {
	checks := make([]Check, 0, len(subjects))
	token, expiry, permission, account := v.token, v.expiry, v.permission, v.account
	if v.isApp() {
		token, expiry, permission, account = v.appToken, v.appExpiry, v.appPermission, v.appAccount
	}
	for _, judge := range []struct {
		id      CheckID
		finding func() finding
	}{
		{CheckReach, v.reach},
		{CheckToken, token},
		{CheckExpiry, expiry},
		{CheckPermission, permission},
		{CheckSSO, v.sso},
		{CheckAccount, account},
		{CheckPolicy, v.policy},
		{CheckUsage, v.usage},
		{CheckUsers, v.users},
		{CheckSeats, v.seatList},
		{CheckBilling, v.billing},
		{CheckTeams, v.teams},
		{CheckOrganizations, v.organizations},
		{CheckBudgets, v.budgetList},
	} {
		checks = append(checks, judge.finding().check(judge.id))
	}
	return checks
}
