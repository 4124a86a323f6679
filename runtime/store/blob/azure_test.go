package blob_test

import (
	"context"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob"

	"github.com/cachegen/cachegen/runtime/store/storetest/server"
)

// The account that Azurite, Microsoft's server for tests, has from the start.
const (
	account    = "devstoreaccount1"
	accountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)

// startAzure starts Azurite.
func startAzure(t testing.TB) service {
	t.Helper()
	t.Setenv("AZURE_STORAGE_ACCOUNT", account)
	t.Setenv("AZURE_STORAGE_KEY", accountKey)
	addr := server.FreeAddr(t)
	s := service{server.Service{
		Server: server.Start(t, server.Command{
			Name: "azurite-blob",
			Args: []string{
				"--blobHost", "127.0.0.1", "--blobPort", server.Port(addr), "--location", t.TempDir(), "--silent", "--skipApiVersionCheck",
				"--disableTelemetry",
			},
			Ready: server.Accepts(addr),
		}),
		Addr: addr,
		URL: func(addr, folder string) string {
			return "azblob://" + server.Bucket + "/" + folder + "?protocol=http&domain=" + addr
		},
	}}
	credential, err := azblob.NewSharedKeyCredential(account, accountKey)
	if err != nil {
		t.Fatal(err)
	}
	client, err := azblob.NewClientWithSharedKeyCredential("http://"+addr+"/"+account, credential, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.CreateContainer(context.Background(), server.Bucket, nil); err != nil {
		t.Fatal(err)
	}
	return s
}
