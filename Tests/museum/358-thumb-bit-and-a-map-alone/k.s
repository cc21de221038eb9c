.syntax unified
.thumb
.text
.globl Reset_Handler
.type Reset_Handler,%function
.thumb_func
Reset_Handler: b Reset_Handler
