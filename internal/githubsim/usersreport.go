package githubsim

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

// WriteUsers writes one part of an account's users-1-day report to w, row by row. It ignores the account's settings about when
// the report is ready, and writes the settled report. Parts are counted from zero.
func WriteUsers(w io.Writer, account Account, date string, shard int) error {
	on, err := parseDay(date)
	if err != nil {
		return fmt.Errorf("write users report: %w", err)
	}
	return writeUsers(w, populationOf(&account, on+1+day(account.SettlesAfter)), []day{on}, nil, shard)
}

// span holds the fields with which a row of a 28-day report names its report.
type span struct {
	start, end day
}

// writeUsers holds one row at a time, so that a report of any size needs the same memory.
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

// inShard reports whether a person is in a part. Every person is in one part, and a few are also in the next, because GitHub's
// parts overlap.
func (p population) inShard(user int, on day, shard int) bool {
	shards := p.account.shards()
	home := user % shards
	return shard == home ||
		shard == (home+1)%shards && p.dice.roll(user, on, repeatedRow) < 0.04
}
