package backendtest

import (
	"net/http"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// S3 returns an S3 server that keeps one bucket in memory. It has conditional
// writes, and does not look at signatures.
func S3(bucket string) (http.Handler, error) {
	kept := s3mem.New()
	if err := kept.CreateBucket(bucket); err != nil {
		return nil, err
	}
	return gofakes3.New(kept, gofakes3.WithLogger(gofakes3.DiscardLog())).Server(), nil
}
