package lambdatest_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/lambdatest"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
)

// BenchmarkZipToReady unpacks and starts each function, as a cold start does. It does so in turns with a hello-world that is
// built with the same flags, and compares their processor times. Of the wall-clock times it prints the best, because the
// others show how busy the machine was.
func BenchmarkZipToReady(b *testing.B) {
	hello := lambdatest.Build(b, "Hello")
	_, helloZip := lambdatest.Zip(b, hello)
	for _, name := range append([]string{"hello"}, filesOf(b, "../../functions")...) {
		b.Run(name, func(b *testing.B) {
			bootstrap := hello
			if name != "hello" {
				bootstrap = lambdatest.Build(b, logicalID(name))
			}
			size, zipped := lambdatest.Zip(b, bootstrap)
			var reference, measured coldStart
			for b.Loop() {
				reference.try(b, helloZip)
				measured.try(b, zipped)
			}
			testworld.ReportBeside(b, "hello", measured.cpu, reference.cpu, measured.tries)
			b.ReportMetric(float64(size), "binary-bytes")
			b.ReportMetric(float64(len(zipped)), "zip-bytes")
			b.ReportMetric(measured.soonest.Seconds()*1000, "soonest-ms")
			b.ReportMetric(reference.soonest.Seconds()*1000, "soonest-ms-of-hello")
		})
	}
}

// settings are variables with which every function starts.
var settings = []string{
	"TABLE_NAME=table", "QUEUE_URL=https://queue.invalid/", "SECRET_PREFIX=prefix/", "OPERATIONS_TOPIC_ARN=arn:operations",
	"TOPIC_PREFIX_ARN=arn:connector_", "FORMER_TOKEN_VAULT=Kms", "TOKEN_TABLE=tokens", "TOKEN_KEY_ARN=arn:key", "STACK_NAME=prod",
	"JWT_ISSUER=https://issuer.invalid", "JWT_CLIENT_ID=page", "JWT_SCOPE=openid", "JWT_TENANT_CLAIM=tenant",
	"GITHUB_APP_CLIENT_ID=Iv1", "GITHUB_APP_SLUG=app", "GITHUB_APP_MINT_FUNCTION=mint", "GITHUB_APP_SECRET_ARN=arn:secret", "AWS_REGION=eu-central-1", "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test",
}

// coldStart holds what several cold starts took.
type coldStart struct {
	tries   int
	cpu     time.Duration // of all starts together, until each had ended
	soonest time.Duration // the shortest wall-clock time until a function was ready
}

func (c *coldStart) try(b *testing.B, zipped []byte) {
	b.Helper()
	bootstrap := filepath.Join(b.TempDir(), "bootstrap")
	began, before := time.Now(), testworld.CPU(b)
	unzip(b, zipped, bootstrap)
	unzipping := testworld.CPU(b) - before
	function := lambdatest.Start(b, bootstrap, settings...)
	function.Ready()
	took := time.Since(began)
	function.Stop()
	if c.tries++; c.tries == 1 || took < c.soonest {
		c.soonest = took
	}
	c.cpu += unzipping + function.CPU()
}

func unzip(b *testing.B, zipped []byte, bootstrap string) {
	b.Helper()
	r, err := zip.NewReader(bytes.NewReader(zipped), int64(len(zipped)))
	if err != nil {
		b.Fatal(err)
	}
	from, err := r.File[0].Open()
	if err != nil {
		b.Fatal(err)
	}
	to, err := os.OpenFile(bootstrap, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o700) //nolint:gosec // it is a program
	if err != nil {
		b.Fatal(err)
	}
	if _, err := io.Copy(to, from); err != nil {
		b.Fatal(err)
	}
	if err := to.Close(); err != nil {
		b.Fatal(err)
	}
}
