package secretsmanager

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"cloudmonitor.ai/copilot-connector/internal/awserror"
	"cloudmonitor.ai/copilot-connector/internal/vault"
)

const (
	opDrop = "drop the token before"

	dropAttempts   = 4
	firstDropPause = 200 * time.Millisecond // doubles with each try
)

// dropPrevious removes the label from the version that was current before the given one. It asks again if AWS's answer is
// older than the given version, and if the label has moved or disappeared in the meantime, for example because an earlier
// removal succeeded but its answer was lost.
func (v *Vault) dropPrevious(ctx context.Context, name, version string) error {
	pause := firstDropPause
	for range dropAttempts {
		secret, err := v.client.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: &name})
		if err != nil {
			return vault.Failed(opDrop, awserror.Told(err))
		}
		if _, fresh := secret.VersionIdsToStages[version]; fresh {
			old := labelled(secret.VersionIdsToStages, previous)
			if old == "" {
				return nil
			}
			_, err = v.client.UpdateSecretVersionStage(ctx, &secretsmanager.UpdateSecretVersionStageInput{
				SecretId: &name, VersionStage: aws.String(previous), RemoveFromVersionId: &old,
			})
			if err == nil {
				return nil
			}
			if !hasCode(err, "InvalidParameterException", "InvalidRequestException") {
				return vault.Failed(opDrop, awserror.Told(err))
			}
		}
		if !wait(ctx, pause) {
			return vault.Failed(opDrop, ctx.Err())
		}
		pause *= 2
	}
	return vault.Failed(opDrop, errors.New("its label did not come to rest"))
}

func labelled(versions map[string][]string, label string) string {
	for id, labels := range versions {
		if slices.Contains(labels, label) {
			return id
		}
	}
	return ""
}

func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
