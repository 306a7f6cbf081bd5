// WEBHOOK_SECRET=whsec_… PORT=8080 go run receive.go
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

const tolerance = 5 * time.Minute

// verify returns the event, or an error if the signature or the timestamp is invalid.
func verify(body []byte, header http.Header, secret string) (event map[string]any, err error) {
	id, timestamp := header.Get("webhook-id"), header.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return nil, err
	}
	if time.Since(time.Unix(seconds, 0)).Abs() > tolerance {
		return nil, errors.New("the timestamp is too far from now")
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.%s", id, timestamp, body)
	expected := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	// While a secret is being rotated, there is a signature for each of the two.
	for _, given := range strings.Fields(header.Get("webhook-signature")) {
		if hmac.Equal([]byte(given), []byte(expected)) {
			err = json.Unmarshal(body, &event)
			return event, err
		}
	}
	return nil, errors.New("no signature matches")
}

func main() {
	secret := os.Getenv("WEBHOOK_SECRET")
	if secret == "" {
		fmt.Fprintln(os.Stderr, "Set WEBHOOK_SECRET to the secret of your project (whsec_...)")
		os.Exit(1)
	}
	receive := func(response http.ResponseWriter, request *http.Request) {
		// The bytes as received: a value that was parsed and written again has another signature.
		body, err := io.ReadAll(request.Body)
		if err == nil {
			var event map[string]any
			if event, err = verify(body, request.Header, secret); err == nil {
				log.Println(event["type"], request.Header.Get("webhook-id"))
				response.WriteHeader(http.StatusNoContent)
				return
			}
		}
		http.Error(response, err.Error(), http.StatusBadRequest)
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), http.HandlerFunc(receive)))
}
