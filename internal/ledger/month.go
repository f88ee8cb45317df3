package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// keptAfter is how many days after its end a month's sums by person may be stored. Until then GitHub restates many of its days.
const keptAfter = 7

// MonthKept reports whether what each person did in a month may be kept as one value: the month has been over for some days.
func MonthKept(first, today calendar.Date) bool { return first.EndOfMonth()+keptAfter < today }

// MonthOf returns the pages and the hash that name a month's sums by person. Pages is the largest count of its days. The hash changes
// with the report of each day, and if people are removed from it. MonthOf returns nil if no day has people. days are the heads of all
// stored days of the month.
func MonthOf(days []Head) *Users {
	of, sum := &Users{}, sha256.New()
	for _, day := range days {
		if day.Users == nil {
			continue
		}
		sum.Write(fmt.Appendln(nil, day.Date, day.Users.Hash, day.Users.People))
		if day.Users.Pages > of.Pages {
			of.Pages, of.People = day.Users.Pages, 0
		}
		if day.Users.Pages == of.Pages {
			of.People = max(of.People, day.Users.People)
		}
	}
	if of.Pages == 0 {
		return nil
	}
	of.Hash = hex.EncodeToString(sum.Sum(nil)[:16])
	return of
}
