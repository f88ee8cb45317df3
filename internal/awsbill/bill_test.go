package awsbill_test

// The assumptions about a month, beside the measured figures.
const (
	days  = 30.0
	weeks = days / 7

	readings = days     // the Admin App shows each connector once a day
	showing  = 8 * 3600 // seconds of a day in which it does
	answer   = 10       // environments of the function connectors that answer it, of which a third of one is busy with 10,000 connectors
	notices  = 4.0 / 3  // a month: a token that lives for 90 days causes four notices
	mailed   = 3        // mails a notice: to operations and to two recipients
	history  = 365      // days in the table
	runs     = 2 * days // of poll and of remind, for the whole stack
	pollers  = 5        // Lambda's connections that wait at the queue; with MaximumConcurrency fewer are not possible
	receives = pollers * 3 * 60 * 24 * days

	startSeconds = 0.1  // of a cold start
	lambdaLog    = 1000 // bytes of Lambda's own lines about a run
	accessLog    = 600  // bytes of the gateway's line about a request
	fullCPU      = 1769 // MB at which a function has a whole processor

	gigabyte = 1 << 30
)

// line is one line of the bill. Its price may be a sum of prices.
type line struct {
	what    string
	prices  []string
	dollars func(connectors float64) float64
}

// bill returns the bill of a month for so many connectors with these figures.
func bill(f figures, p priceList, t template) []line {
	month := func(of func(work) float64) float64 {
		return weeks*(of(f.Polls)+of(f.Reminders)) + notices*of(f.Reminder) + readings*of(f.Reads)
	}
	polls := func(n float64) load {
		runs, atOnce := n*float64(f.Polls.Runs)/7, max(1, min(n, t.pollsAtOnce))
		return load{runs: runs, environments: atOnce, seconds: runs / atOnce * f.Polls.seconds(t.memory["Collect"]) / float64(f.Polls.Runs)}
	}
	reads := func(n float64) load {
		return load{runs: n * float64(f.Reads.Runs), environments: answer, seconds: showing}
	}
	service := func(name string) float64 { return month(func(w work) float64 { return w.of(name) }) }
	functionRuns := month(func(w work) float64 { return float64(w.Runs) })
	requests := readings * float64(f.Reads.Runs)
	stored := history * float64(f.DayBytes) / gigabyte
	logged := (month(func(w work) float64 { return float64(w.LogBytes) }) + lambdaLog*functionRuns + accessLog*requests) / gigabyte
	compute := weeks*(f.Polls.gigabyteSeconds(t.memory["Collect"])+f.Reminders.gigabyteSeconds(t.memory["Remind"])) +
		notices*f.Reminder.gigabyteSeconds(t.memory["Remind"]) + readings*f.Reads.gigabyteSeconds(t.memory["Connectors"])
	starts := func(n float64) float64 {
		return days * startSeconds / 1024 * (polls(n).fresh()*t.memory["Collect"] + reads(n).fresh()*t.memory["Connectors"])
	}
	tableKey := func(n float64) float64 {
		return days * (polls(n).fresh()*f.Polls.connections() + reads(n).fresh()*f.Reads.connections())
	}

	each := func(use float64, price string) func(float64) float64 {
		return func(n float64) float64 { return n * use * p.of(price) }
	}
	return []line{
		{"Secrets Manager, tokens", []string{"secret"}, each(1, "secret")},
		{"Secrets Manager, calls", []string{"secretCall"}, each(service("secretsmanager"), "secretCall")},
		{"DynamoDB, writes", []string{"write"}, each(month(func(w work) float64 { return w.WriteUnits }), "write")},
		{"DynamoDB, reads", []string{"read"}, each(month(func(w work) float64 { return w.ReadUnits }), "read")},
		{"DynamoDB, a year of days", []string{"storage"}, each(stored, "storage")},
		{"DynamoDB, point-in-time recovery of it", []string{"recovery"}, each(stored, "recovery")},
		{"Lambda, runs", []string{"run"}, func(n float64) float64 { return (n*functionRuns + runs) * p.of("run") }},
		{"Lambda, time", []string{"compute"}, func(n float64) float64 { return (n*compute + starts(n)) * p.of("compute") }},
		{"SQS", []string{"queueRequest"}, func(n float64) float64 {
			return (receives + n*(service("sqs")+2*weeks*float64(f.Polls.Runs))) * p.of("queueRequest")
		}},
		{"SNS, mails", []string{"mail", "topicRequest"}, func(n float64) float64 {
			return n * (notices*mailed*p.of("mail") + service("sns")*p.of("topicRequest"))
		}},
		{"CloudWatch, logs kept for 30 days", []string{"logIngested", "logStored"}, func(n float64) float64 {
			return n * logged * (p.of("logIngested") + p.of("logStored"))
		}},
		{"CloudWatch, metrics", []string{"metric"}, func(float64) float64 {
			return (float64(t.dailyMetrics)/24 + float64(t.constantMetrics)) * p.of("metric")
		}},
		{"CloudWatch, alarms", []string{"alarmMetric"}, func(float64) float64 { return float64(t.alarmMetrics) * p.of("alarmMetric") }},
		{"CloudWatch, dashboard", []string{"dashboard"}, func(float64) float64 { return p.of("dashboard") }},
		{"API Gateway", []string{"apiRequest"}, each(requests, "apiRequest")},
		{"Data sent to the Admin App", []string{"traffic"}, each(readings*float64(f.Reads.AnswerBytes)/gigabyte, "traffic")},
		{"X-Ray", []string{"trace"}, func(n float64) float64 { return (days*(polls(n).traced()+reads(n).traced()) + runs) * p.of("trace") }},
		{"EventBridge Scheduler", []string{"schedule"}, func(float64) float64 { return runs * p.of("schedule") }},
		{"KMS, calls for the table's key", []string{"keyRequest"}, func(n float64) float64 { return (tableKey(n) + runs) * p.of("keyRequest") }},
	}
}

// ownKey returns the lines that KmsKeyArn adds: the key, one call for each secret that is read, and the calls for the queue,
// whose two sides each take a data key for five minutes.
func ownKey(f figures, p priceList) line {
	const queue = 2 * 12 * 24 * days
	return line{"With a KMS key of yours, besides", []string{"key", "keyRequest"}, func(n float64) float64 {
		return p.of("key") + (n*weeks*f.Polls.of("secretsmanager")+queue)*p.of("keyRequest")
	}}
}

// encryptedTokens returns the lines of TokenVault Kms, which replace those of Secrets Manager: a key, and for each token that is
// read one call to KMS and one read of its item. The tests of internal/vault/kms prove that a token needs no more calls.
func encryptedTokens(f figures, p priceList) line {
	return line{"With TokenVault Kms, in the place of Secrets Manager", []string{"key", "keyRequest", "read"}, func(n float64) float64 {
		return p.of("key") + n*weeks*f.Polls.of("secretsmanager")*(p.of("keyRequest")+p.of("read"))
	}}
}

// once returns what one work costs. It takes the waiting time for each call of GitHub from another work.
func (f figures) once(w work, p priceList, memory float64) float64 {
	if w.GitHubCalls > 0 {
		w.WaitSeconds = f.Polls.WaitSeconds * float64(w.GitHubCalls) / float64(f.Polls.GitHubCalls)
	}
	n := float64(w.Runs)
	return w.of("secretsmanager")*p.of("secretCall") + w.WriteUnits*p.of("write") + w.ReadUnits*p.of("read") + n*(p.of("run")+p.of("trace")) +
		(w.gigabyteSeconds(memory)+startSeconds*n*memory/1024)*p.of("compute") + (w.of("sqs")+2*n)*p.of("queueRequest") +
		(float64(w.LogBytes)+lambdaLog*n)/gigabyte*(p.of("logIngested")+p.of("logStored")) + float64(w.Connections)*p.of("keyRequest")
}
