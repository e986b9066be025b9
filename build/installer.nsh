; Offers Stillgrain under "Open with" for photos, without making it their default program.

!macro OfferFor EXTENSION
  WriteRegStr SHELL_CONTEXT "Software\Classes\Applications\${APP_EXECUTABLE_FILENAME}\SupportedTypes" ".${EXTENSION}" ""
!macroend

!macro customInstall
  WriteRegStr SHELL_CONTEXT "Software\Classes\Applications\${APP_EXECUTABLE_FILENAME}" "FriendlyAppName" "${PRODUCT_NAME}"
  WriteRegStr SHELL_CONTEXT "Software\Classes\Applications\${APP_EXECUTABLE_FILENAME}\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
  !insertmacro OfferFor "jpg"
  !insertmacro OfferFor "jpeg"
  !insertmacro OfferFor "jpe"
  !insertmacro OfferFor "png"
  !insertmacro OfferFor "tif"
  !insertmacro OfferFor "tiff"
  !insertmacro OfferFor "webp"
  !insertmacro OfferFor "avif"
!macroend

!macro customUnInstall
  DeleteRegKey SHELL_CONTEXT "Software\Classes\Applications\${APP_EXECUTABLE_FILENAME}"
!macroend
