module github.com/cachegen/cachegen

go 1.26
