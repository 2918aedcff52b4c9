#!/bin/sh
# Takes shared libraries out of wheels that match their checksums.
#   collect-libraries.sh REQUIREMENTS DIR     -> DIR/onnxruntime (beside the binding), DIR/cuda (on LD_LIBRARY_PATH)
set -eu
requirements=$1
out=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pip download --quiet --no-deps --require-hashes --only-binary=:all: \
  --python-version 3.13 --platform manylinux_2_28_x86_64 --platform manylinux_2_27_x86_64 --platform manylinux2014_x86_64 \
  --requirement "$requirements" --dest "$work/wheels"
for wheel in "$work"/wheels/*.whl; do
  python3 -m zipfile -e "$wheel" "$work/unpacked"
  rm "$wheel"
done
mkdir -p "$out/onnxruntime" "$out/cuda"
for name in shared cuda; do
  mv "$work/unpacked/onnxruntime/capi/libonnxruntime_providers_$name.so" "$out/onnxruntime/"
done
for name in libcublas.so.13 libcublasLt.so.13 libcudart.so.13 libcurand.so.10; do
  mv "$work/unpacked/nvidia/cu13/lib/$name" "$out/cuda/"
done
chmod -R a+rX "$out"
