package cost

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// The reasons why a division of the bill is unknown.
const (
	noOrganizations = "Only an enterprise is divided into organizations."
	noCostCenters   = "Only an enterprise has cost centers."
	sizeUnknown     = "People are hidden here, and GitHub does not tell how many belong to a cost center."
	budgetsOfNow    = "GitHub tells budgets only as they are now, and in this month they were not read."
	unspent         = "GitHub's bill does not tell what was spent of budgets for people, repositories, or parts that were not read."
)

// aboutOrganizations says what is missing in the rows of organizations, or returns "".
func (f Facts) aboutOrganizations() string {
	if f.Scope != copilot.Enterprise {
		return noOrganizations
	}
	if f.Parts.Organizations == nil {
		if _, why := f.billedUses(modelOf); why != "" {
			return why
		}
		return "The bills of the organizations were not read" + triedAgain
	}
	return f.aboutSplit("organizations", f.Parts.Organizations)
}

// aboutCostCenters says why the cost centers are unknown or what is missing in their rows, or returns "".
func (f Facts) aboutCostCenters(m *Month) string {
	switch {
	case f.Scope != copilot.Enterprise:
		return noCostCenters
	case f.SmallestGroup > 0:
		return sizeUnknown
	case m.Credits.Billed == nil:
		return f.aboutBill()
	case f.Parts.CostCenters != nil:
		return f.aboutSplit("cost centers", f.Parts.CostCenters)
	}
	return f.whyNot(access.CostCenters)
}

// aboutBudgets says why the budgets are unknown or what is missing in them, or returns "".
func (f Facts) aboutBudgets(m *Month) string {
	switch {
	case f.Parts.Budgets == nil && f.Period.Over:
		return budgetsOfNow
	case f.Parts.Budgets == nil:
		return f.whyNot(access.Budgets)
	}
	about := f.asOf("the budgets", f.Parts.Budgets.ReadAt)
	if slices.ContainsFunc(m.Budgets, func(row BudgetRow) bool { return row.Spent == nil }) {
		about = append(about, unspent)
	}
	return strings.Join(about, " ")
}

// whyNot says why something about billing was not read.
func (f Facts) whyNot(what access.Capability) string {
	if f.Reads.Of(what) == access.Denied {
		return fmt.Sprintf("Not available to this token: GitHub does not show it the %s. That takes %s.", what.Words(), access.Takes(f.Scope, what))
	}
	return "The " + what.Words() + " were not read" + triedAgain
}

const triedAgain = ". Where a poll fails to, lastPoll of the connector says why, and the next poll tries again."

// aboutSplit says since when a division is outdated, and which parts are included in the row without a name.
func (f Facts) aboutSplit(what string, s *Split) string {
	about := f.asOf("the bills of the "+what, s.ReadAt)
	refused, stale := make(map[fault.Code][]string), []string{}
	for _, bill := range s.Bills {
		switch {
		case bill.Refused != "" && !bill.ReadAt.IsZero():
			stale = append(stale, bill.Name+" (of "+bill.ReadAt.UTC().Format(dayOfYear)+")")
		case bill.Refused != "":
			refused[bill.Refused] = append(refused[bill.Refused], bill.Name)
		case bill.NetCredits == nil || bill.NetAmount == nil:
			refused[fault.Unexpected] = append(refused[fault.Unexpected], bill.Name)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(refused)) {
		about = append(about, fmt.Sprintf("%s %s: what is billed to them is in the row without a name.", whyRefused(code), list(refused[code])))
	}
	if len(stale) > 0 {
		about = append(about, fmt.Sprintf("GitHub does not show the bills of %s any more: what was read of them before stands.", list(stale)))
	}
	if s.NotAsked > 0 {
		about = append(about, fmt.Sprintf("A poll asks for the bills of %d %s. What is billed to %d more is in the row without a name.", MostParts, what, s.NotAsked))
	}
	return strings.Join(about, " ")
}

// MostParts is the most organizations, and the most cost centers, that are requested for a month. Together they take 500 of the 5,000
// calls that GitHub allows a person in an hour.
const MostParts = 250

// whyRefused returns the beginning of the sentence about parts whose bills are unknown.
func whyRefused(code fault.Code) string {
	switch {
	case code == fault.NotFound:
		return "GitHub finds no bills of"
	case code == fault.Unexpected:
		return "The bills of these are not complete:"
	case fault.CodeOf(&fault.Error{Code: code}).LacksRight():
		return "This token may not read the bills of"
	case code == fault.SSORequired:
		return "GitHub demands single sign-on before it shows the bills of"
	}
	return "GitHub refuses to show the bills of"
}

// list joins the first names and counts the others.
func list(names []string) string {
	const most = 10
	slices.Sort(names)
	if more := len(names) - most; more > 0 {
		names = append(slices.Clone(names[:most]), fmt.Sprintf("%d more", more))
	}
	return access.And(names)
}

func (f Facts) asOf(what string, readAt time.Time) []string {
	if !f.outdatedSince(readAt) {
		return nil
	}
	return []string{fmt.Sprintf("As of %s, when %s were read last.", readAt.UTC().Format(dayOfYear), what)}
}
