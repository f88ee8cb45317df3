package githubsim

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

// WriteUsers writes one part of an account's users-1-day report to w, row by row, whatever the account's
// settings say about when the report is ready, and as it is once settled. Parts are counted from zero.
func WriteUsers(w io.Writer, account Account, date string, shard int) error {
	on, err := parseDay(date)
	if err != nil {
		return fmt.Errorf("write users report: %w", err)
	}
	return writeUsers(w, populationOf(&account, on+1+day(account.SettlesAfter)), []day{on}, nil, shard)
}

// span is what a row of a 28-day report says about the report it is in.
type span struct {
	start, end day
}

// writeUsers holds one row at a time: a report of any size costs the same memory.
func writeUsers(w io.Writer, p population, days []day, within *span, shard int) error {
	out := bufio.NewWriterSize(w, 64<<10)
	rows := json.NewEncoder(out)
	for _, on := range days {
		for user := range p.everybody() {
			if !p.inShard(user, on, shard) {
				continue
			}
			row, ok := p.row(user, on)
			if !ok {
				continue
			}
			if within != nil {
				row.StartDay, row.EndDay = within.start.String(), within.end.String()
			}
			if err := rows.Encode(row); err != nil {
				return fmt.Errorf("write users report: %w", err)
			}
		}
	}
	return out.Flush()
}

// inShard puts every person into one part, and a few into the next one as well: real shards overlap.
func (p population) inShard(user int, on day, shard int) bool {
	shards := p.account.shards()
	home := user % shards
	return shard == home ||
		shard == (home+1)%shards && p.dice.roll(user, on, repeatedRow) < 0.04
}
